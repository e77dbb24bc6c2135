package io.firedrill.history;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Incidents, told from the disaster-recovery run that opened them and the runs that undid it. */
final class Incidents {
    private static final String RECOVERY = "disaster-recovery";
    private static final String UNDO = "undo-recovery";
    private static final String ANALYSIS = "post-incident";

    private final Runs runs;
    private final Steps steps;
    private final Variables variables;

    Incidents(Runs runs, Steps steps, Variables variables) {
        this.runs = runs;
        this.steps = steps;
        this.variables = variables;
    }

    Optional<Incident> byId(String id) {
        return runs.ofIncident(RECOVERY, id).stream().findFirst().map(run -> incident(id, run));
    }

    private Incident incident(String id, Run run) {
        Map<String, Object> facts = facts(run.id());
        List<Run> undoRuns = runs.ofIncident(UNDO, id);
        Instant closedAt = closedAt(run, facts);
        Map<?, ?> diagnosis = facts.get("diagnosis") instanceof Map<?, ?> map ? map : Map.of();
        String chosen = text(facts.get("strategy"));
        return new Incident(
                id,
                run.service(),
                closedAt == null ? "open" : "closed",
                run.id(),
                firstOf(instant(facts.get("openedAt")), run.startedAt()),
                closedAt,
                run.requestedBy(),
                text(diagnosis.get("cause")),
                chosen == null ? text(diagnosis.get("strategy")) : chosen,
                run.outcome(),
                undoAvailable(run, facts, closedAt, undoRuns),
                steps.of(run.id()),
                facts,
                undoRuns);
    }

    /** The recovery's variables, and those only its analysis has. */
    private Map<String, Object> facts(long run) {
        Map<String, Object> facts = new LinkedHashMap<>();
        for (Runs.Called called : runs.calledBy(run)) {
            if (called.process().equals(ANALYSIS)) {
                facts.putAll(variables.of(called.id()));
            }
        }
        variables.of(run).forEach((name, value) -> {
            if (value != null || !facts.containsKey(name)) {
                facts.put(name, value);
            }
        });
        return facts;
    }

    /** A recovery that never cut over leaves nothing open when it ends; after a cut-over only closing closes. */
    private static @Nullable Instant closedAt(Run run, Map<String, Object> facts) {
        Instant closed = instant(facts.get("closedAt"));
        return closed == null && facts.get("cutOver") == null ? run.endedAt() : closed;
    }

    private static boolean undoAvailable(
            Run run, Map<String, Object> facts, @Nullable Instant closedAt, List<Run> undoRuns) {
        return facts.get("cutOver") != null
                && closedAt == null
                && !"undone".equals(run.outcome())
                && undoRuns.stream().noneMatch(undo -> "undone".equals(undo.outcome()));
    }

    private static Instant firstOf(@Nullable Instant one, Instant other) {
        return one == null ? other : one;
    }

    static @Nullable Instant instant(@Nullable Object value) {
        try {
            return value instanceof String text ? Instant.parse(text) : null;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text ? text : null;
    }
}
