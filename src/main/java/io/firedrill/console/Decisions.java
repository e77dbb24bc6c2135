package io.firedrill.console;

import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Task;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** People completing user tasks: the form's rules, four eyes, and who decided when, set here and not by the client. */
final class Decisions {
    private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);

    private final History history;
    private final Runs runs;
    private final JsonMapper json;
    private final Clock clock;

    Decisions(History history, Runs runs, JsonMapper json, Clock clock) {
        this.history = history;
        this.runs = runs;
        this.json = json;
        this.clock = clock;
    }

    void claim(long key, Actor actor) {
        known(key).ifPresent(task -> refuseIfClaimedByAnother(task, actor));
        runs.claim(key, actor.name());
    }

    void complete(long key, Actor actor, Map<String, Object> entered) {
        known(key).ifPresent(task -> {
            refuseIfClaimedByAnother(task, actor);
            FormRules rules = FormRules.of(task.form(), json);
            if (rules != null) {
                rules.check(entered);
            }
            refuseSelfApproval(task, actor, entered);
        });
        Map<String, Object> variables = new HashMap<>(entered);
        variables.put("decidedBy", actor.name());
        variables.put("decidedAt", clock.instant().toString());
        runs.complete(key, variables);
        LOG.info("task {} completed by {}: {}", key, actor.name(), entered.get("decision"));
    }

    /**
     * Empty when the state database does not answer: recovery must go on without it. Four eyes still holds then, as the
     * process itself checks it after every approval.
     */
    private Optional<Task> known(long key) {
        try {
            return Optional.of(history.task(key).orElseThrow(() -> new Failure(
                            "unknown-task",
                            "There is no open task %d.".formatted(key),
                            "Nothing was decided.",
                            "List the open ones: firedrill tasks")
                    .lasting()));
        } catch (FailureException e) {
            if (e.failure().code().equals("state-database-down")) {
                LOG.warn("completing task {} without the state database", key);
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void refuseIfClaimedByAnother(Task task, Actor actor) {
        String assignee = task.assignee();
        if (assignee != null && !assignee.isEmpty() && !assignee.equals(actor.name())) {
            throw new Failure(
                            "already-claimed",
                            "%s has claimed this task.".formatted(assignee),
                            "Nothing was decided.",
                            "Ask them to complete it, or to let you claim it.")
                    .lasting();
        }
    }

    private static void refuseSelfApproval(Task task, Actor actor, Map<String, Object> entered) {
        boolean fourEyes = Boolean.TRUE.equals(task.variables().get("fourEyes"));
        if (fourEyes
                && "approve".equals(entered.get("decision"))
                && actor.name().equals(task.variables().get("requestedBy"))) {
            throw new Failure(
                            "four-eyes",
                            "%s asked for this recovery and cannot approve it as well.".formatted(actor.name()),
                            "Nothing was approved; the task is still open.",
                            "Have a second person approve or reject it.")
                    .lasting();
        }
    }
}
