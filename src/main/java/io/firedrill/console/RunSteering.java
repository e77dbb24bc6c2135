package io.firedrill.console;

import io.firedrill.audit.Fact;
import io.firedrill.console.access.Deed;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.Step;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Breaking off a run, or leaving out one of its steps, where neither can harm: everything else has its own way out in the
 * process. Who did it and why is kept in the run's variables {@code cancelled} and {@code skippedSteps}, and so in its report.
 */
public final class RunSteering {
    /** Job types of steps that may be left out, and what that means. */
    private static final Map<String, String> SKIPPABLE = Map.of(
            "notify", "Nobody is told of it by Firedrill. Tell them yourself; what is decided next waits on the Tasks page.",
            "expire-backups", "Backups older than the plan keeps stay until the next backup of the service expires them.",
            "measure-loss", "How much was lost and how long it took will not be in the report.",
            "collect-timeline", "The analysis form shows no times; the report has them all the same.",
            "tear-down-drill", "The scratch server of this drill stays, and its disk space, until the next drill of the service removes it.");

    /** What a run broken off leaves; processes that are not here have no moment at which that is safe. */
    private static final Map<String, String> CANCELLABLE = Map.of(
            "backup", "Nothing more is backed up. A backup that is not whole yet is never restored from; older ones are untouched.",
            "check-backups", "The copies not read back yet are read back next time.",
            "drill", "The rehearsal proves nothing. The service was never touched; the next drill removes the scratch server.",
            "disaster-recovery", "Nothing has been changed yet, so the damage stays as it is and the incident stays open.",
            "undo-recovery", "Nothing has been changed yet; what was recovered stays in use.",
            "post-incident", "The incident stays open; its analysis can be begun again.");

    /** What a recovery's last notification sets beside telling people. */
    static final String RECOVERED_OUTCOME =
            "=if cutOver != null then \"proven\" else if failover != null then \"failed-over\" else \"mended\"";

    private static final Pattern LITERAL = Pattern.compile("=\"([a-z-]+)\"");

    /** Machine steps of a recovery or an undo that change nothing; once any other has begun, only the process knows the way back. */
    private static final List<String> HARMLESS =
            List.of("Task_OpenIncident", "Task_CollectEvidence", "Task_SelectBackup", "Task_Escalate", "Task_Notify");

    private static final Set<String> CHANGING = Set.of("disaster-recovery", "undo-recovery");

    private final History history;
    private final Runs runs;
    private final Clock clock;

    RunSteering(History history, Runs runs, Clock clock) {
        this.history = history;
        this.runs = runs;
        this.clock = clock;
    }

    /** @param means what it leaves when it is possible, why it is not otherwise */
    public record Choice(boolean possible, String means) {}

    public Choice cancelling(RunDetail detail) {
        Run run = detail.run();
        String means = CANCELLABLE.get(run.process());
        if (run.endedAt() != null) {
            return new Choice(false, "It has ended.");
        }
        if (run.parent() != null) {
            return new Choice(false, "Run %d called it and waits for it; that one can be asked.".formatted(run.parent()));
        }
        if (means == null) {
            return new Choice(false, "There is no moment at which this can be broken off safely; its tasks offer the ways out.");
        }
        return CHANGING.contains(run.process()) && detail.steps().stream().anyMatch(RunSteering::changes)
                ? new Choice(false, "It has begun to change the service. Decide through its tasks: they offer to stop or to undo.")
                : new Choice(true, means);
    }

    private static boolean changes(Step step) {
        return switch (step.type()) {
            case "service-task" -> HARMLESS.stream().noneMatch(step.element()::startsWith);
            case "call-activity" -> true;
            default -> false;
        };
    }

    /** By the key of the step: what leaving it out means. */
    public Map<Long, String> skippable(RunDetail detail) {
        Map<Long, String> means = new LinkedHashMap<>();
        detail.steps().forEach(step -> way(step).ifPresent(way -> means.put(step.key(), way.means())));
        return means;
    }

    /** @param sets what the step would have set for the process, besides its work */
    private record Way(String next, Map<String, String> sets, String means) {}

    private Optional<Way> way(Step step) {
        if (!step.state().equals("active") || !step.type().equals("service-task")) {
            return Optional.empty();
        }
        BpmnFlow flow = BpmnFlow.read(history.diagram(step.run()).orElse(""));
        Optional<String> means = flow.job(step.element()).map(SKIPPABLE::get);
        Optional<Map<String, String>> sets = means.flatMap(text -> sets(flow.outputs(step.element()), step.run()));
        return sets.flatMap(values -> flow.next(step.element()).map(next -> new Way(next, values, means.orElseThrow())));
    }

    /** Empty when it sets something that cannot be told from here. */
    private Optional<Map<String, String>> sets(Map<String, String> outputs, long run) {
        Map<String, String> values = new HashMap<>();
        for (Map.Entry<String, String> output : outputs.entrySet()) {
            Matcher literal = LITERAL.matcher(output.getValue());
            if (literal.matches()) {
                values.put(output.getKey(), literal.group(1));
            } else if (output.getValue().equals(RECOVERED_OUTCOME)) {
                values.put(output.getKey(), recovered(known(run).variables()));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    private static String recovered(Map<String, Object> variables) {
        if (variables.get("cutOver") != null) {
            return "proven";
        }
        return variables.get("failover") == null ? "mended" : "failed-over";
    }

    public void cancel(long id, @Nullable String reason, Actor actor) {
        RunDetail detail = known(id);
        Choice choice = cancelling(detail);
        if (!choice.possible()) {
            throw new Failure("not-cancellable", "%s %d cannot be cancelled. %s".formatted(detail.run().name(), id, choice.means()),
                            "It goes on as before.", "See what it does: firedrill run %d".formatted(id))
                    .lasting();
        }
        runs.set(id, Map.of("cancelled", mark(given(reason, "It goes on as before."), actor)));
        runs.cancel(id);
    }

    /** @param step an active step's key or its name */
    public void skip(long id, String step, @Nullable String reason, Actor actor) {
        RunDetail detail = known(id);
        Step left = detail.steps().stream()
                .filter(one -> one.state().equals("active"))
                .filter(one -> String.valueOf(one.key()).equals(step) || one.name().equalsIgnoreCase(step))
                .findFirst()
                .orElseThrow(() -> new Failure("unknown-step", "Run %d is not at a step '%s'.".formatted(id, step), "Nothing was skipped.",
                                "See where it is: firedrill run %d".formatted(id))
                        .lasting());
        Way way = way(left).orElseThrow(() -> new Failure("not-skippable",
                        "'%s' cannot be skipped: what comes after it needs what it does.".formatted(left.name()),
                        "The run is where it was.", "Cure what hinders it and try it again, or decide through its tasks.")
                .lasting());
        Map<String, Object> mark = mark(given(reason, "Nothing was skipped."), actor);
        mark.put("step", String.valueOf(left.key()));
        mark.put("name", left.name());
        Run root = root(detail.run());
        List<Object> all = new ArrayList<>(known(root.id()).variables().get("skippedSteps") instanceof List<?> list ? list : List.of());
        all.add(mark);
        runs.set(root.id(), Map.of("skippedSteps", all));
        runs.set(left.run(), way.sets());
        runs.leave(left.run(), left.key(), way.next());
    }

    private Run root(Run run) {
        Long parent = run.parent();
        return parent == null ? run : root(known(parent).run());
    }

    private Map<String, Object> mark(String reason, Actor actor) {
        Map<String, Object> mark = new LinkedHashMap<>();
        mark.put("by", actor.name());
        mark.put("reason", reason);
        mark.put("at", clock.instant().toString());
        return mark;
    }

    private static String given(@Nullable String reason, String meaning) {
        if (reason == null || reason.isBlank()) {
            throw new Failure("bad-reason", "Nobody said why.", meaning, "Give the reason; it is kept with the run.").lasting();
        }
        Deed.note(Fact.REASON, reason.strip());
        return reason.strip();
    }

    private RunDetail known(long id) {
        return history.run(id).orElseThrow(() -> unknown(id));
    }

    private static FailureException unknown(long id) {
        return new Failure("unknown-run", "There is no run %d.".formatted(id), "Nothing was done.", "List them: firedrill runs")
                .lasting();
    }
}
