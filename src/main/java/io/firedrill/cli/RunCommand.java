package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.client.Step;
import io.firedrill.client.StepLines;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One run with its steps and what hinders it. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Show one run and its steps.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "The run's id (see: firedrill runs).")
    private String run = "";

    @Option(names = "--follow", description = "Keep showing steps as they happen, until the run ends.")
    private boolean follow;

    @Option(names = "--retry", description = "Let a stuck run go on: its failed step is tried again.")
    private boolean retry;

    @Override
    public Integer call() {
        Api api = server.api();
        if (retry) {
            api.post("/runs/" + Query.encoded(run) + "/retry", Json.object());
        }
        JsonNode known = api.get("/runs/" + Query.encoded(run));
        JsonNode last = follow ? followToEnd(api) : known;
        if (server.json()) {
            server.print(last);
        } else {
            tell(last, server.terminal());
        }
        return Exit.DONE;
    }

    private JsonNode followToEnd(Api api) {
        Terminal terminal = server.terminal();
        RunFollower follower = new RunFollower(api, run, terminal);
        Set<String> seen = new HashSet<>();
        while (true) {
            RunFollower.Pause pause = follower.follow(seen);
            if (pause.reason() != RunFollower.Reason.WAITING) {
                return pause.run();
            }
            pause.tasks().forEach(task -> {
                seen.add(Json.text(task, "key", ""));
                terminal.line(Waiting.line(task));
            });
        }
    }

    private void tell(JsonNode run, Terminal terminal) {
        terminal.lines(RunsCommand.table(List.of(run)).lines());
        Json.text(run, "incident").ifPresent(incident -> terminal.line("Incident " + incident));
        if (!follow) {
            StepLines lines = new StepLines(terminal, Times.here());
            terminal.blank();
            Step.worthTelling(run).forEach(step -> terminal.line(lines.line(step, Json.text(run, "id", ""))));
        }
        tellProblems(run, terminal);
    }

    private static void tellProblems(JsonNode run, Terminal terminal) {
        JsonNode failure = run.path("variables").path("failure");
        if (failure.isObject()) {
            terminal.blank();
            terminal.line("%s failed: %s".formatted(
                    Json.text(run.path("variables"), "failedStep", "A step"), Json.text(failure, "what", "")));
            terminal.line("  Means: " + Json.text(failure, "meaning", ""));
            terminal.line("  Next:  " + Json.text(failure, "next", ""));
        }
        for (JsonNode problem : Json.items(run, "problems")) {
            terminal.blank();
            terminal.line(terminal.red("Stuck at '%s'".formatted(Json.text(problem, "step", "?")))
                    + Json.instant(problem, "since").map(since -> " since " + Times.here().atAndAgo(since)).orElse(""));
            terminal.line("  " + Json.text(problem, "message", ""));
        }
    }
}
