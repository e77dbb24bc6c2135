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

/** Starts the process {@code switchover}. */
@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        description = "Make a standby the primary while the old one works, without losing anything.")
final class SwitchoverCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Option(names = "--to", paramLabel = "NODE", required = true, description = "The standby that becomes the primary.")
    private String to = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who decide and for the history.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Show each step as it happens, until the end or until a person must decide.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        ObjectNode request = Json.object().put("service", service).put("to", to);
        if (reason != null) {
            request.put("reason", reason);
        }
        String run = Json.text(api.post("/switchovers", request), "run", "");
        return wait
                ? RecoveryEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server)
                : Started.tell(server, run);
    }
}
