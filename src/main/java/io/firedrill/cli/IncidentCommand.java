package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.client.Step;
import io.firedrill.client.StepLines;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** One incident from opening to closing. */
@Command(
        name = "incident",
        mixinStandardHelpOptions = true,
        description = "Show one incident and what to do next; close one that a recovery left open.")
final class IncidentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "The incident's id (see: firedrill run ID).")
    private String incident = "";

    @Option(names = "--close", description = {
        "Close it although nothing was recovered: begins its analysis, whose review closes it. For an incident that a",
        "rejected, stopped or undone recovery left open, once the damage is mended or accepted."
    })
    private boolean close;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why it can be closed, for the report; goes with --close.")
    private @Nullable String reason;

    @Override
    public Integer call() {
        if (close != (reason != null)) {
            throw new ParameterException(spec.commandLine(), "--close and --reason TEXT go together.");
        }
        if (close) {
            String path = "/incidents/" + Query.encoded(incident) + "/close";
            return Started.tell(server, Json.text(server.api().post(path, Json.object().put("reason", reason)), "run", ""));
        }
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
        fact(terminal, "next", next(incident));
        terminal.blank();
        StepLines lines = new StepLines(terminal, times);
        Step.worthTelling(incident)
                .forEach(step -> terminal.line(lines.line(step, Json.text(incident, "run", ""))));
    }

    /** What a person can do about it now. */
    private static String next(JsonNode incident) {
        String id = Json.text(incident, "incident", "");
        String service = Json.text(incident, "service", "");
        if (Json.text(incident, "state", "").equals("closed")) {
            return "firedrill report " + id;
        }
        if (Step.worthTelling(incident).stream().anyMatch(Step::active)) {
            return "it goes on; what waits for whom: firedrill tasks --service " + service;
        }
        return switch (Json.text(incident, "outcome", "")) {
            case "rejected", "stopped", "undone" -> "the damage is still there: recover again (firedrill recover %s), or, when it is"
                    .formatted(service) + " mended or accepted, close it (firedrill incident %s --close --reason TEXT)".formatted(id);
            default -> "firedrill run %s".formatted(Json.text(incident, "run", ""));
        };
    }

    private static void fact(Terminal terminal, String name, String value) {
        if (!value.isEmpty()) {
            terminal.line("  %-14s %s".formatted(name, value));
        }
    }
}
