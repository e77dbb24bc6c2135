package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.tool.Words;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Who is the primary and how far the standbys are. */
@Command(
        name = "replication",
        mixinStandardHelpOptions = true,
        description = "Show the servers of a service: who is the primary, and how far behind the standbys are.")
final class ReplicationCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/replication/" + Query.encoded(service));
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Table table = new Table("node", "address", "role", "timeline", "state", "behind");
        Json.items(answer, "nodes").forEach(node -> table.row(
                Json.text(node, "node", ""),
                Json.text(node, "address", ""),
                Json.text(node, "role", ""),
                String.valueOf(Json.number(node, "timeline")),
                state(node),
                node.path("lagBytes").isNumber() ? Words.bytes(Json.number(node, "lagBytes")) : ""));
        server.terminal().lines(table.lines());
        return Exit.DONE;
    }

    private static String state(JsonNode node) {
        return switch (Json.text(node, "role", "")) {
            case "primary" -> "takes writes";
            case "standby" -> Json.flag(node, "streaming") ? "streams" : "does not stream";
            default -> Json.text(node, "note", "");
        };
    }
}
