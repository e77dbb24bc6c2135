package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Starts the process {@code disaster-recovery}. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description = "Start the recovery of a service. Nothing changes before people agreed.")
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Option(names = "--cause", paramLabel = "CAUSE", description = "What happened, when you know better than the evidence.")
    private @Nullable String cause;

    @Option(names = "--to", paramLabel = "latest|TIME|LSN|ID",
            description = "How far back: as late as the damage allows, a moment, a WAL position, or a backup by its id.")
    private @Nullable String restoreTo;

    @Option(names = "--only", split = ",", paramLabel = "NAME",
            description = {"Only these: databases and file sets of the plan, 'files' (all file sets), tables (table, schema.table or",
                "database:schema.table) put back into the live database, and paths inside a file set (uploads:2026/photos)."})
    private List<String> only = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who decide and for the report.")
    private @Nullable String reason;

    @Option(names = "--dry-run",
            description = "Look, decide and plan as a recovery would, and show the plan; start and change nothing.")
    private boolean dryRun;

    @Option(names = "--wait", description = "Show each step as it happens, until the end or until a person must decide.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        if (dryRun) {
            return tellPlan(api.post("/recoveries?dryRun=true", request()));
        }
        String run = Json.text(api.post("/recoveries", request()), "run", "");
        if (!wait) {
            return Started.tell(server, run);
        }
        return RecoveryEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server);
    }

    private int tellPlan(JsonNode plan) {
        if (server.json()) {
            server.print(plan);
        } else {
            Terminal terminal = server.terminal();
            terminal.line("Way back: %s. %s".formatted(
                    Json.text(plan, "strategy", "?"), Json.text(plan.path("diagnosis"), "explanation", "")).strip());
            Json.texts(plan, "text").forEach(line -> terminal.line("  " + line));
            terminal.line("Nothing was started or changed: this was a dry run.");
        }
        return Exit.DONE;
    }

    private ObjectNode request() {
        ObjectNode request = Json.object().put("service", service);
        putIfGiven(request, "cause", cause);
        putIfGiven(request, "restoreTo", restoreTo);
        putIfGiven(request, "reason", reason);
        if (!only.isEmpty()) {
            ArrayNode names = request.putArray("only");
            only.forEach(names::add);
        }
        return request;
    }

    private static void putIfGiven(ObjectNode request, String name, @Nullable String value) {
        if (value != null) {
            request.put(name, value);
        }
    }
}
