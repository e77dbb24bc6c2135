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

/** Starts the process {@code undo-recovery}. */
@Command(
        name = "undo",
        mixinStandardHelpOptions = true,
        description = "Swap back what an incident's recovery put in place; what was set aside returns.")
final class UndoCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "INCIDENT", description = "The incident's id.")
    private String incident = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the people who decide and for the report.")
    private @Nullable String reason;

    @Option(names = "--wait", description = "Show each step as it happens, until the end or until a person must decide.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        ObjectNode request = Json.object();
        if (reason != null) {
            request.put("reason", reason);
        }
        String path = "/incidents/" + Query.encoded(incident) + "/undo";
        String run = Json.text(api.post(path, request), "run", "");
        if (!wait) {
            return Started.tell(server, run);
        }
        return RecoveryEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server);
    }
}
