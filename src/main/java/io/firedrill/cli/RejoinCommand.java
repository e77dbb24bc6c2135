package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Starts the process {@code rejoin}. */
@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description = "Make a server a standby of the primary: the first time, or again. What it has is set aside.")
final class RejoinCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(index = "0", paramLabel = "SERVICE")
    private String service = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "The server, as the plan names it.")
    private String node = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who decide and for the history.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Show each step as it happens, until the end or until a person must decide.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        ObjectNode request = Json.object().put("service", service).put("node", node);
        if (reason != null) {
            request.put("reason", reason);
        }
        String run = Json.text(api.post("/rejoins", request), "run", "");
        return wait
                ? RecoveryEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server)
                : Started.tell(server, run);
    }
}
