package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.client.RunOutcome;
import io.firedrill.terminal.FailureLines;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a waited-for recovery or undo came out.
 *
 * @param state {@code proven}, {@code failed}, {@code waiting}, or what a process ended with when there was nothing to
 *     prove: {@code undone}, {@code mended}, {@code nothing}, {@code primary-alive}, {@code switched-over}, {@code rejoined}
 */
record RecoveryEnd(String run, String state, RunOutcome outcome, List<JsonNode> tasks) {
    private static final Set<String> GOOD_ENDS = Set.of("undone", "mended", "nothing", "primary-alive", "switched-over", "rejoined");

    static RecoveryEnd of(String run, RunFollower.Pause pause) {
        RunOutcome outcome = new RunOutcome(pause.run());
        String state = switch (pause.reason()) {
            case WAITING -> "waiting";
            case STUCK -> "failed";
            case ENDED -> outcome.proven() ? "proven" : GOOD_ENDS.contains(outcome.outcome()) ? outcome.outcome() : "failed";
        };
        return new RecoveryEnd(run, state, outcome, pause.tasks());
    }

    int tell(ServerOptions server) {
        if (server.json()) {
            server.print(json());
        } else {
            tellPeople(server.terminal());
        }
        return switch (state) {
            case "waiting" -> Exit.WAITS_FOR_PERSON;
            case "failed" -> Exit.FAILED;
            default -> Exit.DONE;
        };
    }

    private ObjectNode json() {
        ObjectNode json = Json.object()
                .put("run", run)
                .put("state", state)
                .put("outcome", outcome.outcome())
                .put("incident", outcome.incident())
                .put("cause", outcome.cause())
                .put("strategy", outcome.strategy())
                .put("backup", outcome.backups())
                .put("proven", outcome.proven())
                .put("tables", outcome.sum("tables"))
                .put("files", outcome.sum("files"))
                .put("lostSeconds", outcome.lostSeconds())
                .put("rtoSeconds", outcome.rtoSeconds());
        outcome.failure().ifPresentOrElse(failure -> json.set("failure", Json.tree(failure)), () -> json.putNull("failure"));
        return json;
    }

    private void tellPeople(Terminal terminal) {
        tasks.forEach(task -> terminal.line(Waiting.line(task)));
        switch (state) {
            case "waiting" -> terminal.line("Then watch the rest: firedrill run " + run + " --follow");
            case "primary-alive" -> terminal.line("The primary works, or nobody can tell for sure that it does not: nothing was changed. "
                    + Json.text(outcome.variables().path("verdict"), "text", ""));
            case "proven" -> terminal.line(outcome.outcome().equals("failed-over") ? failedOver() : String.format(
                    Locale.ROOT,
                    "Proven: %,d tables and %,d files equal to what the backup recorded; away for %s.",
                    outcome.sum("tables"),
                    outcome.sum("files"),
                    Words.of(Duration.ofMillis((long) (outcome.rtoSeconds() * 1000)))));
            case "failed" -> {
                terminal.line("The run ended without a proven recovery: "
                        + (outcome.outcome().isEmpty() ? "it is stuck" : outcome.outcome()) + ".");
                outcome.failure().ifPresent(failure -> terminal.lines(FailureLines.of(failure)));
                if (!outcome.incident().isEmpty()) {
                    terminal.line("What to do next: firedrill incident " + outcome.incident());
                }
            }
            default -> terminal.line("Ended: " + state + ".");
        }
    }

    private String failedOver() {
        JsonNode failover = outcome.variables().path("failover");
        return "%s is the primary in place of %s and takes writes, after %s; %s.".formatted(
                Json.text(failover, "to", "?"), Json.text(failover, "from", "?"),
                Words.of(Duration.ofMillis((long) (Json.decimal(failover, "rtoSeconds") * 1000))),
                Json.text(failover, "text", "?"));
    }
}
