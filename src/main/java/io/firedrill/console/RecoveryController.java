package io.firedrill.console;

import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.UnknownName;
import io.firedrill.tool.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Diagnose, recover, undo. */
@RestController
@RequestMapping("/api")
final class RecoveryController {
    private static final Set<String> CAUSES =
            Set.of("human-error", "hardware", "software", "capacity", "attack", "unknown");

    private final RecoveryPlan plan;
    private final Runs runs;
    private final History history;
    private final Diagnosis diagnosis;

    RecoveryController(RecoveryPlan plan, Runs runs, History history, Diagnosis diagnosis) {
        this.plan = plan;
        this.runs = runs;
        this.history = history;
        this.diagnosis = diagnosis;
    }

    record DiagnosisRequest(@Nullable String service) {}

    record Diagnosed(Evidence evidence, JsonNode diagnosis) {}

    /** Evidence and the decision, without acting. */
    @PostMapping("/diagnoses")
    Diagnosed diagnose(@RequestBody DiagnosisRequest request) {
        Service service = plan.service(request.service() == null ? "" : request.service());
        Evidence evidence = diagnosis.collect(service.name(), Progress.NONE);
        Map<String, Object> variables = new HashMap<>();
        variables.put("evidence", evidence);
        variables.put("cause", null);
        return new Diagnosed(evidence, runs.decide("cause-and-strategy", variables));
    }

    record RecoveryRequest(
            @Nullable String service,
            @Nullable String cause,
            @Nullable String restoreTo,
            @Nullable List<String> only,
            @Nullable String reason) {}

    @PostMapping("/recoveries")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started recover(@RequestBody RecoveryRequest request, Actor actor) {
        Service service = plan.service(request.service() == null ? "" : request.service());
        checkCause(request.cause());
        checkNames(service, request.only());
        refuseSecondRecovery(service);
        Map<String, Object> variables = new HashMap<>();
        variables.put("service", service.name());
        variables.put("requestedBy", actor.name());
        variables.put("requestReason", request.reason());
        variables.put("cause", request.cause());
        variables.put("restoreTo", request.restoreTo() == null ? "latest" : request.restoreTo());
        variables.put("only", request.only() == null || request.only().isEmpty() ? null : request.only());
        return new Started(runs.start("disaster-recovery", variables));
    }

    private static void checkCause(@Nullable String cause) {
        if (cause != null && !CAUSES.contains(cause)) {
            throw UnknownName.failure("cause", cause, CAUSES.stream().sorted().toList()).lasting();
        }
    }

    private static void checkNames(Service service, @Nullable List<String> only) {
        List<String> known = new ArrayList<>(service.databases().keySet());
        known.addAll(service.fileSets().keySet());
        if (only != null) {
            only.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
                throw UnknownName.failure("database or file set", name, known).lasting();
            });
        }
    }

    /** Two recoveries of one service would swap under each other; one that is already back to writing its report does not count. */
    private void refuseSecondRecovery(Service service) {
        history.runs(new RunFilter("disaster-recovery", service.name(), 20)).stream()
                .filter(run -> run.endedAt() == null)
                .filter(run -> !alreadyUnfenced(run))
                .findFirst()
                .ifPresent(run -> {
                    throw new Failure(
                                    "already-running",
                                    "A recovery of %s is going on already: run %s.".formatted(service.name(), run.id()),
                                    "No second one was started; they would get in each other's way.",
                                    "Look at it: firedrill run %s".formatted(run.id()))
                            .lasting();
                });
    }

    private boolean alreadyUnfenced(Run run) {
        return history.run(run.id())
                .map(detail -> detail.variables().get("loss") != null)
                .orElse(false);
    }

    @GetMapping("/incidents/{id}")
    Incident incident(@PathVariable String id) {
        return history.incident(id).orElseThrow(() -> new Failure(
                        "unknown-incident",
                        "There is no incident '%s'.".formatted(id),
                        "Nothing was done.",
                        "List the recoveries: firedrill runs")
                .lasting());
    }

    record UndoRequest(@Nullable String reason) {}

    @PostMapping("/incidents/{id}/undo")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started undo(@PathVariable String id, @RequestBody UndoRequest request, Actor actor) {
        Incident incident = incident(id);
        if (!incident.undoAvailable()) {
            throw new Failure(
                            "undo-not-available",
                            "%s cannot be undone: it never cut over, was undone already, or is closed.".formatted(id),
                            "Nothing was changed.",
                            "What was set aside is still there; see: firedrill incident %s".formatted(id))
                    .lasting();
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("requestedBy", actor.name());
        variables.put("requestReason", request.reason());
        for (String name : List.of("service", "incident", "restorePlan", "fourEyes", "approvers", "escalateAfter", "expireAfter")) {
            variables.put(name, incident.variables().get(name));
        }
        return new Started(runs.start("undo-recovery", variables));
    }
}
