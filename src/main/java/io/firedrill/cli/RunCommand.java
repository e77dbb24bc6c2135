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
import org.jspecify.annotations.Nullable;
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

    @Option(names = "--cancel", description = "Break the run off, where that is safe.")
    private boolean cancel;

    @Option(names = "--skip", paramLabel = "STEP", description = "Leave this active step out, where that is safe.")
    private @Nullable String skip;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record; goes with --cancel and --skip.")
    private String reason = "";

    @Override
    public Integer call() {
        Api api = server.api();
        steer(api, "/runs/" + Query.encoded(run));
        JsonNode known = api.get("/runs/" + Query.encoded(run));
        JsonNode last = follow ? followToEnd(api) : known;
        if (server.json()) {
            server.print(last);
        } else {
            tell(last, server.terminal());
        }
        return Exit.DONE;
    }

    private void steer(Api api, String path) {
        if (retry) {
            api.post(path + "/retry", Json.object());
        }
        if (skip != null) {
            api.post(path + "/steps/" + Query.encoded(skip) + "/skip", Json.object().put("reason", reason));
        }
        if (cancel) {
            api.post(path + "/cancel", Json.object().put("reason", reason));
        }
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
        JsonNode variables = run.path("variables");
        tellFailure(Json.text(variables, "failedStep", "A step"), variables.path("failure"), terminal);
        for (String list : List.of("restoredServers", "restoredDatabases", "restoredTables", "restoredFiles")) {
            Json.items(variables, list).forEach(result ->
                    tellFailure("Restoring " + Json.text(result, "name", "?"), result.path("failure"), terminal));
        }
        for (JsonNode problem : Json.items(run, "problems")) {
            long retries = Json.number(problem, "retries");
            terminal.blank();
            terminal.line(terminal.red((retries > 0 ? "Failed and tried again: '%s'" : "Stuck at '%s'")
                            .formatted(Json.text(problem, "step", "?")))
                    + Json.instant(problem, "since").map(since -> " since " + Times.here().atAndAgo(since)).orElse(""));
            terminal.line("  " + Json.text(problem, "message", ""));
            if (retries == 0) {
                terminal.line("  When it is cured: firedrill run %s --retry".formatted(Json.text(run, "id", "")));
            }
        }
    }

    private static void tellFailure(String what, JsonNode failure, Terminal terminal) {
        if (failure.isObject()) {
            terminal.blank();
            terminal.line("%s failed: %s".formatted(what, Json.text(failure, "what", "")));
            terminal.line("  Means: " + Json.text(failure, "meaning", ""));
            terminal.line("  Next:  " + Json.text(failure, "next", ""));
        }
    }
}
