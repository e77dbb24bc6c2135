package io.firedrill.history;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Incidents, told from the disaster-recovery run that opened them, the runs that undid it and the analysis that closed them. */
final class Incidents {
    /** Ends of a recovery that leave the damage where it was, and so the incident open until a person closes it. */
    private static final Set<String> DAMAGE_STAYS = Set.of("rejected", "stopped", "undone");

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
        Map<String, Object> facts = facts(id, run.id());
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
                steps(id, run),
                facts,
                undoRuns);
    }

    private List<Step> steps(String id, Run run) {
        return Stream.concat(Stream.of(run), runs.ofIncident(ANALYSIS, id).stream())
                .flatMap(told -> steps.of(told.id()).stream())
                .toList();
    }

    /** The recovery's variables, and those only its analysis has, whether the recovery called it or a person closed the incident. */
    private Map<String, Object> facts(String id, long run) {
        Map<String, Object> facts = new LinkedHashMap<>();
        runs.ofIncident(ANALYSIS, id).forEach(analysis -> facts.putAll(variables.of(analysis.id())));
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

    /** After a cut-over, and while the damage stays, only closing closes; any other recovery leaves nothing open when it ends. */
    private static @Nullable Instant closedAt(Run run, Map<String, Object> facts) {
        Instant closed = instant(facts.get("closedAt"));
        boolean staysOpen = facts.get("cutOver") != null || (run.outcome() != null && DAMAGE_STAYS.contains(run.outcome()));
        return closed == null && !staysOpen ? run.endedAt() : closed;
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
