package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What waits for people, oldest first. */
@Command(name = "tasks", mixinStandardHelpOptions = true, description = "List what waits for a person, oldest first.")
final class TasksCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--service", paramLabel = "SERVICE")
    private @Nullable String service;

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/tasks" + new Query().with("service", service));
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Table table = table(Json.items(answer, "tasks"));
        server.terminal().lines(table.isEmpty() ? List.of("Nothing waits for a person.") : table.lines());
        return Exit.DONE;
    }

    static Table table(List<JsonNode> tasks) {
        Times times = Times.here();
        Table table = new Table("KEY", "TASK", "SERVICE", "INCIDENT", "WAITS FOR", "SINCE", "ESCALATES");
        tasks.forEach(task -> table.row(
                Json.text(task, "key", ""),
                Json.text(task, "name", ""),
                Json.text(task, "service", ""),
                Json.text(task, "incident", ""),
                Waiting.whom(task),
                Json.instant(task, "createdAt").map(times::atAndAgo).orElse(""),
                Json.instant(task, "due").map(times::ago).orElse("")));
        return table;
    }
}
