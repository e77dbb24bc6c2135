package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.ServerProcess;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** How things stand: the server's parts, the services' objectives and how they are met, what runs, what waits for whom. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the services against their objectives, what is running and what waits for whom.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        Api api = server.api();
        JsonNode status = api.get("/status");
        if (server.json()) {
            server.print(status);
        } else {
            tell(api, status, server.terminal());
        }
        return ServerProcess.ready(status) ? Exit.DONE : Exit.FAILED;
    }

    private static void tell(Api api, JsonNode status, Terminal terminal) {
        terminal.line("Firedrill %s at %s".formatted(Json.text(status, "version", ""), api.server()));
        JsonNode engine = status.path("engine");
        terminal.lines(new Table("PART", "STATE", "WHERE")
                .row("engine", Json.text(engine, "state", "?"),
                        (Json.text(engine, "address", "") + " " + Json.text(engine, "version", "")).strip())
                .row("state database", Json.text(status.path("stateDatabase"), "state", "?"), "")
                .row("plan", "", Json.text(status.path("plan"), "file", ""))
                .lines());
        terminal.blank();
        terminal.lines(new ServiceStanding(api).table(status).lines());
        Json.items(status.path("plan"), "services").forEach(service ->
                Json.texts(service, "alarms").forEach(alarm -> terminal.line("! " + alarm)));
        tellWal(status, terminal);
        tellRuns(api, terminal);
        tellTasks(api, terminal);
    }

    private static void tellWal(JsonNode status, Terminal terminal) {
        Table table = new Table("WAL OF", "SERVER", "STATE", "ARCHIVED TO", "RECOVERABLE TO", "MISSING OR WRONG");
        Json.items(status, "wal").forEach(wal -> table.row(
                Json.text(wal, "service", "") + " " + Json.text(wal, "source", ""),
                Json.text(wal, "server", ""),
                Json.text(wal, "state", "").toLowerCase(Locale.ROOT),
                Json.text(wal, "lastArchivedLsn", "nothing yet"),
                Json.instant(wal, "recoverableTo").map(Times.here()::atAndAgo).orElse(""),
                Json.text(wal, "gap", Json.text(wal, "trouble", ""))));
        if (!table.isEmpty()) {
            terminal.blank();
            terminal.lines(table.lines());
        }
    }

    private static void tellRuns(Api api, Terminal terminal) {
        Table running = RunsCommand.table(Json.items(api.get("/runs?limit=100"), "runs").stream()
                .filter(run -> !Json.text(run, "state", "").matches("done|cancelled"))
                .toList());
        terminal.blank();
        terminal.line(running.isEmpty() ? "Nothing is running." : "Running:");
        if (!running.isEmpty()) {
            terminal.lines(running.lines());
        }
    }

    private static void tellTasks(Api api, Terminal terminal) {
        Table waiting = TasksCommand.table(Json.items(api.get("/tasks"), "tasks"));
        terminal.blank();
        terminal.line(waiting.isEmpty() ? "Nothing waits for a person." : "Waiting for people:");
        if (!waiting.isEmpty()) {
            terminal.lines(waiting.lines());
        }
    }
}
