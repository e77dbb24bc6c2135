package io.firedrill.console;

import io.firedrill.history.Incident;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Diagnose, recover, undo, close. */
@RestController
@RequestMapping("/api")
final class RecoveryController {
    private final Operations operations;

    RecoveryController(Operations operations) {
        this.operations = operations;
    }

    record DiagnosisRequest(@Nullable String service) {}

    @PostMapping("/diagnoses")
    Operations.Diagnosed diagnose(@RequestBody DiagnosisRequest request) {
        return operations.diagnose(request.service());
    }

    @PostMapping(path = "/recoveries", params = "dryRun")
    Operations.Rehearsed dryRun(@RequestBody Operations.RecoveryRequest request) {
        return operations.dryRun(request);
    }

    @PostMapping(path = "/recoveries", params = "!dryRun")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started recover(@RequestBody Operations.RecoveryRequest request, Actor actor) {
        return new Started(operations.recover(request, actor));
    }

    @GetMapping("/incidents/{id}")
    Incident incident(@PathVariable String id) {
        return operations.incident(id);
    }

    record Why(@Nullable String reason) {}

    @PostMapping("/incidents/{id}/close")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started close(@PathVariable String id, @RequestBody Why why, Actor actor) {
        return new Started(operations.close(id, why.reason(), actor));
    }

    @PostMapping("/incidents/{id}/undo")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started undo(@PathVariable String id, @RequestBody Why why, Actor actor) {
        return new Started(operations.undo(id, why.reason(), actor));
    }
}
