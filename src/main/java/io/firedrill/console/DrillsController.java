package io.firedrill.console;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/drills}: rehearse a recovery. */
@RestController
@RequestMapping("/api/drills")
final class DrillsController {
    private final Operations operations;

    DrillsController(Operations operations) {
        this.operations = operations;
    }

    record Request(@Nullable String service) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started start(@RequestBody Request request, Actor actor) {
        return new Started(operations.drill(request.service(), actor));
    }
}
