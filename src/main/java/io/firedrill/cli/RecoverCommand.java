package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

    @Option(names = "--to", paramLabel = "latest|TIME|ID", description = "The backup: newest, newest until a time, or one by its id.")
    private @Nullable String restoreTo;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "Only these databases and file sets of the plan.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who decide and for the report.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Show each step as it happens, until the end or until a person must decide.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        String run = Json.text(api.post("/recoveries", request()), "run", "");
        if (!wait) {
            return Started.tell(server, run);
        }
        return RecoveryEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server);
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
