package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.client.RunOutcome;
import io.firedrill.terminal.FailureLines;
import io.firedrill.terminal.Terminal;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts the process {@code backup}. */
@Command(name = "backup", mixinStandardHelpOptions = true, description = "Back a service up now.")
final class BackupCommand implements Callable<Integer> {
    /** What the process can take. */
    enum Kind {
        LOGICAL,
        PHYSICAL,
        FILES,
        ALL
    }

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Option(names = "--kind", paramLabel = "logical|physical|files|all", description = "Default: all.")
    private Kind kind = Kind.ALL;

    @Option(names = "--wait", description = "Show each step as it happens and wait for the end.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        JsonNode started = api.post("/backups", Json.object()
                .put("service", service)
                .put("kind", kind.name().toLowerCase(Locale.ROOT)));
        String run = Json.text(started, "run", "");
        if (!wait) {
            return Started.tell(server, run);
        }
        RunFollower.Pause pause = new RunFollower(api, run, server.terminal()).follow(Set.of());
        ObjectNode result = result(api, run, pause);
        if (server.json()) {
            server.print(result);
        } else {
            tell(result, pause, server.terminal());
        }
        return exit(Json.text(result, "state", ""));
    }

    private ObjectNode result(Api api, String run, RunFollower.Pause pause) {
        RunOutcome outcome = new RunOutcome(pause.run());
        String state = switch (pause.reason()) {
            case WAITING -> "waiting";
            case STUCK -> "failed";
            case ENDED -> outcome.outcome().isEmpty() ? "failed" : outcome.outcome();
        };
        ObjectNode result = Json.object().put("run", run).put("state", state);
        ArrayNode list = result.putArray("backups");
        Set<String> taken = Set.copyOf(Json.texts(outcome.variables(), "backups"));
        Json.items(api.get("/backups?service=" + Query.encoded(service)), "backups").stream()
                .filter(backup -> taken.contains(Json.text(backup, "id", "")))
                .forEach(backup -> list.add(oneBackup(backup)));
        outcome.failure().ifPresent(failure -> result.set("failure", Json.tree(failure)));
        return result;
    }

    private static ObjectNode oneBackup(JsonNode backup) {
        ObjectNode one = Json.object()
                .put("id", Json.text(backup, "id", ""))
                .put("kind", Json.text(backup, "kind", ""))
                .put("bytes", Json.number(backup, "bytes"))
                .put("storedBytes", Json.number(backup, "storedBytes"))
                .put("seconds", Json.decimal(backup, "seconds"));
        ArrayNode stores = one.putArray("stores");
        Json.items(backup, "stores").forEach(store -> stores.add(Json.text(store, "store", "")));
        return one.put("verified", Json.text(backup, "state", "").equalsIgnoreCase("verified"));
    }

    private static void tell(JsonNode result, RunFollower.Pause pause, Terminal terminal) {
        pause.tasks().forEach(task -> terminal.line(Waiting.line(task)));
        if (!Json.text(result, "state", "").startsWith("done")) {
            new RunOutcome(pause.run()).failure().ifPresent(failure -> terminal.lines(FailureLines.of(failure)));
        }
        terminal.line("Backup %s: %s".formatted(
                Json.text(result, "state", ""),
                String.join(", ", Json.items(result, "backups").stream().map(b -> Json.text(b, "id", "")).toList())));
    }

    private static int exit(String state) {
        return switch (state) {
            case "done", "done-without-offsite" -> Exit.DONE;
            case "waiting" -> Exit.WAITS_FOR_PERSON;
            default -> Exit.FAILED;
        };
    }
}
