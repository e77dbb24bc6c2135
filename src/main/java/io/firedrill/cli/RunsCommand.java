package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What ran and what runs, newest first. */
@Command(name = "runs", mixinStandardHelpOptions = true, description = "List runs, newest first.")
final class RunsCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--service", paramLabel = "SERVICE")
    private @Nullable String service;

    @Option(names = "--process", paramLabel = "PROCESS", description = "E.g. backup, disaster-recovery.")
    private @Nullable String process;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/runs" + new Query()
                .with("service", service)
                .with("process", process)
                .with("limit", String.valueOf(limit)));
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Table table = table(Json.items(answer, "runs"));
        server.terminal().lines(table.isEmpty() ? List.of("No runs yet.") : table.lines());
        return Exit.DONE;
    }

    static Table table(List<JsonNode> runs) {
        Times times = Times.here();
        Table table = new Table("RUN", "PROCESS", "SERVICE", "STATE", "OUTCOME", "STARTED", "TOOK", "BY");
        runs.forEach(run -> table.row(
                Json.text(run, "id", ""),
                Json.text(run, "process", ""),
                Json.text(run, "service", ""),
                Json.text(run, "state", ""),
                Json.text(run, "outcome", ""),
                Json.instant(run, "startedAt").map(times::atAndAgo).orElse(""),
                took(run),
                Json.text(run, "requestedBy", "")));
        return table;
    }

    static String took(JsonNode run) {
        return Json.instant(run, "startedAt")
                .map(start -> Duration.between(start, Json.instant(run, "endedAt").orElseGet(Instant::now)))
                .map(Words::of)
                .orElse("");
    }
}
