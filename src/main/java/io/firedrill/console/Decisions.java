package io.firedrill.console;

import io.firedrill.audit.Digests;
import io.firedrill.audit.Fact;
import io.firedrill.console.access.Deed;
import io.firedrill.console.access.Role;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Task;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** People completing user tasks: the form's rules, four eyes, and who decided when, set here and not by the client. */
public final class Decisions {
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

    /** Claiming again what oneself has claimed changes nothing. */
    public void claim(long key, Actor actor) {
        Deed.note(Fact.TASK, key);
        known(key).ifPresentOrElse(
                task -> {
                    refuseMissingRole(task.candidateGroups(), actor);
                    refuseIfClaimedByAnother(task, actor);
                },
                () -> refuseMissingRole(List.of(Role.APPROVER.word()), actor));
        runs.claim(key, actor.name());
    }

    /** @param entered the form's fields; failure {@code bad-form} names what is off */
    public void complete(long key, Actor actor, Map<String, Object> entered) {
        Deed.note(Fact.TASK, key);
        Deed.note(Fact.DECIDED, entered.get("decision"));
        Deed.note(Fact.REASON, entered.get("reason"));
        known(key).ifPresentOrElse(task -> {
            noteShown(task);
            refuseMissingRole(task.candidateGroups(), actor);
            refuseIfClaimedByAnother(task, actor);
            FormRules rules = FormRules.of(task.form(), json);
            if (rules != null) {
                rules.check(entered);
            }
            refuseSelfApproval(task, actor, entered);
        }, () -> refuseMissingRole(List.of(Role.APPROVER.word()), actor));
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
            Task task = history.task(key).orElseThrow(() -> new Failure(
                            "unknown-task",
                            "There is no open task %d.".formatted(key),
                            "Nothing was decided.",
                            "List the open ones: firedrill tasks")
                    .lasting());
            Deed.note(Fact.SERVICE, task.service());
            Deed.note(Fact.INCIDENT, task.incident());
            Deed.note(Fact.RUN, task.run());
            Deed.note(Fact.ELEMENT, task.element());
            return Optional.of(task);
        } catch (FailureException e) {
            if (e.failure().code().equals("state-database-down")) {
                LOG.warn("completing task {} without the state database", key);
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The form and the values in it, as page, API and terminal show them. */
    private void noteShown(Task task) {
        Map<String, Object> shown = new TreeMap<>();
        shown.put("task", task.name());
        shown.put("form", json.readTree(schema(task)));
        shown.put("values", new TreeMap<>(task.variables()));
        String text = json.writeValueAsString(shown);
        Deed.shows(text);
        Deed.note(Fact.SAW, Digests.of(text));
    }

    /** Empty when the state database went away just now: that holds no decision up. */
    private String schema(Task task) {
        try {
            return history.formSchema(task.key()).orElse("{}");
        } catch (FailureException e) {
            return "{}";
        }
    }

    /** Whose task it is, its candidate groups say; which task it is, only the state database: without it, approvers only. */
    private static void refuseMissingRole(List<String> groups, Actor actor) {
        boolean may = groups.isEmpty() || actor.roles().stream().map(Role::word).anyMatch(groups::contains);
        if (!may) {
            throw new Failure(
                            "missing-role",
                            "%s may not decide this; it waits for: %s.".formatted(actor.name(), String.join(", ", groups)),
                            "Nothing was decided; the task is still open.",
                            "Have somebody with that role decide it.")
                    .lasting();
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
