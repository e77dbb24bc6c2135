package io.firedrill.cli;

import io.firedrill.client.DecisionText;
import io.firedrill.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Evidence and what would be decided from it. */
@Command(
        name = "diagnose",
        mixinStandardHelpOptions = true,
        description = "Collect evidence and show what it would lead to, without acting.")
final class DiagnoseCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Override
    public Integer call() {
        JsonNode answer = server.api().post("/diagnoses", Json.object().put("service", service));
        if (server.json()) {
            server.print(answer);
        } else {
            server.terminal().lines(new DecisionText(server.terminal()).evidence(answer));
        }
        return Exit.DONE;
    }
}
