package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts the process {@code drill}. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Rehearse the recovery of a service on a scratch server. The service is never touched.")
final class DrillCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Option(names = "--wait", description = "Show each step as it happens and wait for the end.")
    private boolean wait;

    @Override
    public Integer call() {
        Api api = server.api();
        String run = Json.text(api.post("/drills", Json.object().put("service", service)), "run", "");
        return wait
                ? DrillEnd.of(run, new RunFollower(api, run, server.terminal()).follow(Set.of())).tell(server)
                : Started.tell(server, run);
    }
}
