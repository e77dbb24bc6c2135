package io.firedrill.cli;

import io.firedrill.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Takes this server out of the load balancers' rotation before it is stopped. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = "Have load balancers send this server nobody any more; it goes on answering and working.")
final class DrainCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Option(names = "--end", description = "Take part again.")
    private boolean end;

    @Override
    public Integer call() {
        JsonNode node = server.api().post(end ? "/node/enable" : "/node/drain", Json.object());
        if (server.json()) {
            server.print(node);
        } else {
            server.terminal().line(end
                    ? "It says that it is ready again: load balancers send it people."
                    : "It says that it is not ready: load balancers send it nobody any more. Stop it when its connections are gone.");
        }
        return Exit.DONE;
    }
}
