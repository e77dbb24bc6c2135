package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.client.RunOutcome;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.FailureLines;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a waited-for drill came out.
 *
 * @param state {@code proven} or {@code failed}; a failed drill also waits for a person to look at it
 */
record DrillEnd(String run, String state, RunOutcome outcome, List<JsonNode> tasks) {
    static DrillEnd of(String run, RunFollower.Pause pause) {
        RunOutcome outcome = new RunOutcome(pause.run());
        return new DrillEnd(run, Json.flag(outcome.variables().path("drillResult"), "proven") ? "proven" : "failed", outcome, pause.tasks());
    }

    int tell(ServerOptions server) {
        if (server.json()) {
            server.print(json());
        } else {
            tellPeople(server.terminal());
        }
        return state.equals("proven") ? Exit.DONE : Exit.FAILED;
    }

    private JsonNode result() {
        return outcome.variables().path("drillResult");
    }

    private ObjectNode json() {
        ObjectNode json = Json.object()
                .put("run", run)
                .put("state", state)
                .put("outcome", outcome.outcome())
                .put("drill", Json.text(outcome.variables(), "drill", ""))
                .put("backup", String.join(",", Json.texts(result(), "backups")))
                .put("proven", Json.flag(result(), "proven"))
                .put("tables", Json.number(result(), "tables"))
                .put("files", Json.number(result(), "files"))
                .put("lostSeconds", Json.decimal(result(), "rpoSeconds"))
                .put("rtoSeconds", Json.decimal(result(), "rtoSeconds"))
                .put("rpoSeconds", Json.decimal(result(), "rpoSeconds"))
                .put("objectivesMet", Json.flag(result(), "objectivesMet"))
                .put("rtoMet", Json.flag(result(), "rtoMet"))
                .put("rpoMet", Json.flag(result(), "rpoMet"))
                .put("evidence", Json.text(outcome.variables(), "evidencePath", ""));
        failure().ifPresentOrElse(failure -> json.set("failure", Json.tree(failure)), () -> json.putNull("failure"));
        return json;
    }

    private Optional<Failure> failure() {
        JsonNode failure = result().path("failure");
        return failure.isObject()
                ? Optional.of(new Failure(Json.text(failure, "code", "failed"), Json.text(failure, "what", ""),
                        Json.text(failure, "meaning", ""), Json.text(failure, "next", "")))
                : state.equals("failed") ? outcome.failure() : Optional.empty();
    }

    private void tellPeople(Terminal terminal) {
        failure().ifPresent(failure -> terminal.lines(FailureLines.of(failure)));
        if (state.equals("proven")) {
            terminal.line(String.format(Locale.ROOT, "Proven: %,d tables and %,d files equal to what the backups recorded.",
                    Json.number(result(), "tables"), Json.number(result(), "files")));
            terminal.line("RTO: %s, %s. RPO: %s, %s.".formatted(
                    words("rtoSeconds"), met("rtoMet"), words("rpoSeconds"), met("rpoMet")));
        }
        Json.text(outcome.variables(), "evidencePath").ifPresent(path -> terminal.line("Evidence: " + path));
        tasks.forEach(task -> terminal.line(Waiting.line(task)));
    }

    private String words(String field) {
        return Words.of(Duration.ofMillis(Math.round(Json.decimal(result(), field) * 1000)));
    }

    private String met(String field) {
        return Json.flag(result(), field) ? "objective met" : "objective MISSED";
    }
}
