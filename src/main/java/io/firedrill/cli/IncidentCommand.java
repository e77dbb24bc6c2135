package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.client.Step;
import io.firedrill.client.StepLines;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One incident from opening to closing. */
@Command(name = "incident", mixinStandardHelpOptions = true, description = "Show one incident.")
final class IncidentCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "The incident's id (see: firedrill run ID).")
    private String incident = "";

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/incidents/" + Query.encoded(incident));
        if (server.json()) {
            server.print(answer);
        } else {
            tell(answer, server.terminal());
        }
        return Exit.DONE;
    }

    private static void tell(JsonNode incident, Terminal terminal) {
        Times times = Times.here();
        terminal.line("Incident %s of %s: %s".formatted(
                Json.text(incident, "incident", ""), Json.text(incident, "service", ""), Json.text(incident, "state", "")));
        fact(terminal, "opened", Json.instant(incident, "openedAt").map(times::atAndAgo).orElse(""));
        fact(terminal, "closed", Json.instant(incident, "closedAt").map(times::atAndAgo).orElse(""));
        fact(terminal, "asked for by", Json.text(incident, "requestedBy", ""));
        fact(terminal, "cause", Json.text(incident, "cause", ""));
        fact(terminal, "strategy", Json.text(incident, "strategy", ""));
        fact(terminal, "outcome", Json.text(incident, "outcome", ""));
        fact(terminal, "undo", Json.flag(incident, "undoAvailable")
                ? "firedrill undo " + Json.text(incident, "incident", "")
                : "not available");
        terminal.blank();
        StepLines lines = new StepLines(terminal, times);
        Step.worthTelling(incident)
                .forEach(step -> terminal.line(lines.line(step, Json.text(incident, "run", ""))));
    }

    private static void fact(Terminal terminal, String name, String value) {
        if (!value.isEmpty()) {
            terminal.line("  %-14s %s".formatted(name, value));
        }
    }
}
