package io.firedrill.client;

import io.firedrill.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a recovery came to, read from its run's variables. */
public record RunOutcome(JsonNode run) {

    public JsonNode variables() {
        return run.path("variables");
    }

    /** As the process ended: {@code proven}, {@code rejected}, …; empty while it goes on. */
    public String outcome() {
        return Json.text(run, "outcome").orElseGet(() -> Json.text(variables(), "outcome", ""));
    }

    public boolean ended() {
        String state = Json.text(run, "state", "");
        return state.equals("done") || state.equals("cancelled");
    }

    public String incident() {
        return Json.text(run, "incident").orElseGet(() -> Json.text(variables(), "incident", ""));
    }

    public String cause() {
        return Json.text(variables().path("diagnosis"), "cause", "");
    }

    public String strategy() {
        return Json.text(variables(), "strategy").orElseGet(() -> Json.text(variables().path("diagnosis"), "strategy", ""));
    }

    /** Results of {@code restore-server}, {@code restore-database} and {@code restore-files}, and of single tables that were put back. */
    public List<JsonNode> restored() {
        return Stream.of("restoredServers", "restoredDatabases", "restoredTables", "restoredFiles")
                .flatMap(kind -> Json.items(variables(), kind).stream())
                .filter(JsonNode::isObject)
                .toList();
    }

    /** Something was restored, and every part of it matched what its backup recorded; or a standby took over and took writes. */
    public boolean proven() {
        return outcome().equals("failed-over") && Json.flag(variables().path("failover"), "proven")
                || outcome().equals("proven")
                && !restored().isEmpty()
                && restored().stream().allMatch(result -> Json.flag(result, "proven"));
    }

    public long sum(String field) {
        return restored().stream().mapToLong(result -> Json.number(result, field)).sum();
    }

    /** Ids of the backups restored from, joined by a comma. */
    public String backups() {
        return String.join(",", restored().stream().map(r -> Json.text(r, "backup", "")).filter(b -> !b.isEmpty()).toList());
    }

    public long lostSeconds() {
        JsonNode loss = variables().path("loss");
        return Json.number(loss.isObject() ? loss : variables().path("restorePlan"), "lostSeconds");
    }

    public double rtoSeconds() {
        return Json.decimal(variables().path("loss"), "rtoSeconds");
    }

    /** Why it is not proven: the step's failure, a restored part's, or a problem the engine holds. */
    public Optional<Failure> failure() {
        return Stream.concat(
                        Stream.of(variables().path("failure")),
                        restored().stream().map(result -> result.path("failure")))
                .filter(JsonNode::isObject)
                .findFirst()
                .map(RunOutcome::toFailure)
                .or(() -> Json.items(run, "problems").stream().findFirst().map(RunOutcome::problem));
    }

    private static Failure toFailure(JsonNode failure) {
        return new Failure(
                Json.text(failure, "code", "failed"),
                Json.text(failure, "what", "A step failed."),
                Json.text(failure, "meaning", ""),
                Json.text(failure, "next", ""));
    }

    private static Failure problem(JsonNode problem) {
        return new Failure(
                "stuck",
                "The step '%s' failed: %s".formatted(Json.text(problem, "step", "?"), Json.text(problem, "message", "")),
                "The run stays where it is until the cause is gone; what was done so far stays done.",
                "Remove the cause; the step is tried again when the server is restarted or the problem is resolved.");
    }
}
