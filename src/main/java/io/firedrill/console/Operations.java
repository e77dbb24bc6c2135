package io.firedrill.console;

import io.firedrill.audit.Fact;
import io.firedrill.backup.BackupSet;
import io.firedrill.catalog.Catalog;
import io.firedrill.console.access.Deed;
import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.BackupTurns;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.RunFilter;
import io.firedrill.history.StartTurns;
import io.firedrill.plan.Causes;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.UnknownName;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.RestorePlanText;
import io.firedrill.recovery.RestorePoint;
import io.firedrill.recovery.Scope;
import io.firedrill.recovery.SelectRequest;
import io.firedrill.tool.Progress;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What people start, the same from a page and from the API: checked here, done by the processes. */
public final class Operations {
    /** What a backup can be started of. */
    public static final List<String> KINDS = List.of("all", "logical", "physical", "files");

    private final RecoveryPlan plan;
    private final RunStarts runs;
    private final History history;
    private final Diagnosis diagnosis;
    private final BackupTurns turns;
    private final StartTurns starts;
    private final Catalog catalog;
    private final Recovery recovery;
    private final Clock clock;

    Operations(
            RecoveryPlan plan,
            RunStarts runs,
            History history,
            Diagnosis diagnosis,
            BackupTurns turns,
            StartTurns starts,
            Catalog catalog,
            Recovery recovery,
            Clock clock) {
        this.plan = plan;
        this.runs = runs;
        this.history = history;
        this.diagnosis = diagnosis;
        this.turns = turns;
        this.starts = starts;
        this.catalog = catalog;
        this.recovery = recovery;
        this.clock = clock;
    }

    /** Returns the run; {@code kind} null: all. */
    public long backUp(@Nullable String service, @Nullable String kind, Actor actor) {
        String known = service(service).name();
        String what = kind == null ? "all" : kind;
        if (!KINDS.contains(what)) {
            throw new Failure("bad-kind", "There is no backup kind '%s'.".formatted(what), "Nothing was started.",
                            "Use one of: " + String.join(", ", KINDS) + ".")
                    .lasting();
        }
        turns.holder(known, BackupSet.kinds(what)).ifPresent(run -> {
            throw alreadyRunning(known, what, run);
        });
        return runs.start("backup", Map.of(
                "service", known, "kind", what, "requestedBy", actor.name(), "trigger", "manual"));
    }

    private static FailureException alreadyRunning(String service, String kind, long run) {
        return new Failure(
                        "already-running",
                        "Run %d takes this backup of %s already (%s).".formatted(run, service, kind),
                        "Nothing was started; that run goes on.",
                        "Follow it with: firedrill run %d".formatted(run))
                .lasting();
    }

    /** Rehearses a recovery on scratch targets; returns the run. */
    public long drill(@Nullable String name, Actor actor) {
        Service service = service(name);
        return starts.start(
                        "drill of " + service.name(),
                        () -> drillOf(service),
                        () -> runs.start("drill", Map.of("service", service.name(), "requestedBy", actor.name(), "trigger", "manual")))
                .orThrow(run -> new Failure(
                                "already-running",
                                "A drill of %s is going on already: run %d.".formatted(service.name(), run),
                                "No second one was started; the service is not touched.",
                                "Look at it: firedrill run %d".formatted(run))
                        .lasting());
    }

    /** One that only waits for a person to look at it is over. */
    private Optional<Long> drillOf(Service service) {
        return history.runs(new RunFilter("drill", service.name(), 20)).stream()
                .filter(run -> run.endedAt() == null && !run.state().equals("waiting"))
                .map(Run::id)
                .findFirst();
    }

    public record Diagnosed(Evidence evidence, JsonNode diagnosis) {}

    /** Evidence and the decision, without acting. */
    public Diagnosed diagnose(@Nullable String service) {
        Evidence evidence = diagnosis.collect(service(service).name(), Progress.NONE);
        Map<String, Object> variables = new HashMap<>();
        variables.put("evidence", evidence);
        variables.put("cause", null);
        return new Diagnosed(evidence, runs.decide("cause-and-strategy", variables));
    }

    /** @param restoreTo a backup's id, or null for the newest good one; {@code only} null or empty: everything damaged */
    public record RecoveryRequest(
            @Nullable String service,
            @Nullable String cause,
            @Nullable String restoreTo,
            @Nullable List<String> only,
            @Nullable String reason) {}

    /**
     * @param strategy the way back that the evidence and the decision tables give
     * @param restorePlan null when that way restores nothing
     */
    public record Rehearsed(
            String service, String strategy, JsonNode diagnosis, Evidence evidence, @Nullable RestorePlan restorePlan, List<String> text) {}

    /** The plan that would be put before the approver, or the failure that it would end in. Starts and changes nothing. */
    public Rehearsed dryRun(RecoveryRequest request) {
        Service service = service(request.service());
        checkCause(request.cause());
        checkNames(service, request.only());
        Evidence evidence = diagnosis.collect(service.name(), Progress.NONE);
        Map<String, Object> variables = new HashMap<>();
        variables.put("evidence", evidence);
        variables.put("cause", request.cause());
        JsonNode diagnosed = runs.decide("cause-and-strategy", variables);
        String strategy = diagnosed.path("strategy").asString("");
        Scope scope = recovery.scope(service.name(), strategy, request.only(), evidence);
        if (scope.empty()) {
            return new Rehearsed(service.name(), strategy, diagnosed, evidence, null,
                    List.of("The way back would be '%s': nothing is restored by it.".formatted(strategy)));
        }
        RestorePlan would = recovery.select(SelectRequest.of(scope, service.name(), "DRY-RUN",
                request.restoreTo() == null ? "latest" : request.restoreTo(), null, List.of(), evidence));
        return new Rehearsed(service.name(), would.onlyTables() ? "restore-tables" : strategy, diagnosed, evidence, would,
                RestorePlanText.of(would));
    }

    /** Returns the run. */
    public long recover(RecoveryRequest request, Actor actor) {
        Service service = service(request.service());
        checkCause(request.cause());
        checkNames(service, request.only());
        String restoreTo = request.restoreTo() == null ? "latest" : request.restoreTo();
        RestorePoint.of(restoreTo, catalog.list(service.name()), clock.instant());
        Map<String, Object> variables = new HashMap<>();
        variables.put("service", service.name());
        variables.put("requestedBy", actor.name());
        variables.put("requestReason", request.reason());
        variables.put("cause", request.cause());
        variables.put("restoreTo", restoreTo);
        variables.put("only", request.only() == null || request.only().isEmpty() ? null : request.only());
        // Two recoveries of one service would swap under each other.
        return starts.start(
                        "recovery of " + service.name(),
                        () -> new ServerChanges(history).recovery(service.name()).map(Run::id),
                        () -> runs.start("disaster-recovery", variables))
                .orThrow(run -> new Failure(
                                "already-running",
                                "A recovery of %s is going on already: run %d.".formatted(service.name(), run),
                                "No second one was started; they would get in each other's way.",
                                "Look at it: firedrill run %d".formatted(run))
                        .lasting());
    }

    private Service service(@Nullable String name) {
        Deed.note(Fact.SERVICE, name);
        return plan.service(name == null ? "" : name);
    }

    private static void checkCause(@Nullable String cause) {
        if (cause != null && !Causes.ALL.contains(cause)) {
            throw UnknownName.failure("cause", cause, Causes.ALL).lasting();
        }
    }

    private void checkNames(Service service, @Nullable List<String> only) {
        if (only != null && !only.isEmpty()) {
            recovery.requireKnown(service.name(), only);
        }
    }

    public Incident incident(String id) {
        return history.incident(id).orElseThrow(() -> new Failure(
                        "unknown-incident",
                        "There is no incident '%s'.".formatted(id),
                        "Nothing was done.",
                        "List the recoveries: firedrill runs")
                .lasting());
    }

    /** Returns the run. Begins the analysis that closes an incident which a rejected, stopped or undone recovery left open. */
    public long close(String id, @Nullable String reason, Actor actor) {
        Incident incident = incident(id);
        requireOpen(incident);
        if (reason == null || reason.isBlank()) {
            throw new Failure("bad-reason", "Nobody said why %s can be closed.".formatted(id), "It stays open.",
                            "Give the reason, for the report: firedrill incident %s --close --reason TEXT".formatted(id))
                    .lasting();
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("service", incident.service());
        variables.put("incident", id);
        variables.put("requestedBy", actor.name());
        variables.put("closeReason", reason.strip());
        variables.put("escalateAfter", incident.variables().get("escalateAfter"));
        return startFor(incident, openOf(incident), "post-incident", variables);
    }

    private static void requireOpen(Incident incident) {
        if (incident.closedAt() != null) {
            throw new Failure("already-closed", "%s is closed already.".formatted(incident.incident()), "Nothing was done.",
                            "Read its report: firedrill report %s".formatted(incident.incident()))
                    .lasting();
        }
    }

    private long startFor(Incident incident, Supplier<Stream<Run>> inTheWay, String process, Map<String, Object> variables) {
        return starts.start(
                        process + " of " + incident.incident(),
                        () -> inTheWay.get().map(Run::id).findFirst(),
                        () -> runs.start(process, variables))
                .orThrow(run -> new Failure(
                                "already-running",
                                "%s of %s is going on: run %d.".formatted(nameOf(run), incident.incident(), run),
                                "Nothing more was started; the incident stays as it is until that has ended.",
                                "See what it waits for: firedrill tasks. Or: firedrill run %d".formatted(run))
                        .lasting());
    }

    private String nameOf(long run) {
        return history.summary(run).map(Run::name).orElse("A run");
    }

    /** Its recovery, its analysis, its undo. */
    private Supplier<Stream<Run>> openOf(Incident incident) {
        return () -> Stream.of(
                        history.run(incident.run()).map(RunDetail::run).filter(run -> run.endedAt() == null).stream(),
                        openOf(incident, "post-incident"),
                        openOf(incident, "undo-recovery"))
                .flatMap(all -> all);
    }

    private Stream<Run> openOf(Incident incident, String process) {
        return history.runs(new RunFilter(process, incident.service(), 20)).stream()
                .filter(run -> incident.incident().equals(run.incident()) && run.endedAt() == null);
    }

    /** Returns the run. */
    public long undo(String id, @Nullable String reason, Actor actor) {
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
        variables.put("requestReason", reason);
        for (String name : List.of("service", "incident", "restorePlan", "fourEyes", "approvers", "escalateAfter", "expireAfter")) {
            variables.put(name, incident.variables().get(name));
        }
        return startFor(incident, () -> openOf(incident, "undo-recovery"), "undo-recovery", variables);
    }
}
