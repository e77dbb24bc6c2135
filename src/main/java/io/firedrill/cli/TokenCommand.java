package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tokens for programs. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "List the API tokens; make one; revoke one.",
        subcommands = {TokenCommand.CreateCommand.class, TokenCommand.RevokeCommand.class})
final class TokenCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/tokens");
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Times times = Times.here();
        Table table = new Table("TOKEN", "ROLE", "ACTS FOR", "STATE", "LAST USED");
        Json.items(answer, "tokens").forEach(token -> table.row(
                Json.text(token, "name", ""),
                Json.text(token, "role", ""),
                Json.text(token, "owner", ""),
                Json.text(token, "state", ""),
                Json.instant(token, "lastUsedAt").map(times::ago).orElse("never")));
        server.terminal().lines(table.isEmpty() ? List.of("No tokens yet.") : table.lines());
        return Exit.DONE;
    }

    /** Prints the token once; the server keeps its digest only. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Make a token; it is printed once and kept nowhere.")
    static final class CreateCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Option(names = "--name", paramLabel = "NAME", required = true, description = "What the token is called.")
        private String name = "";

        @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator, approver, auditor or admin.")
        private String role = "";

        @Option(names = "--for", paramLabel = "NAME", description = "In whose name it acts (default: who is acting).")
        private @Nullable String owner;

        @Override
        public Integer call() {
            ObjectNode request = Json.object().put("name", name).put("role", role).put("owner", owner == null ? server.actor() : owner);
            JsonNode answer = server.api().post("/tokens", request);
            if (server.json()) {
                server.print(answer);
                return Exit.DONE;
            }
            server.terminal().line(Json.text(answer, "token", ""));
            return Exit.DONE;
        }
    }

    /** From then on it is worth nothing. */
    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Make a token worthless.")
    static final class RevokeCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "NAME", description = "The token's name (see: firedrill token).")
        private String name = "";

        @Override
        public Integer call() {
            server.api().post("/tokens/" + Query.encoded(name) + "/revoke", Json.object());
            if (server.json()) {
                server.print(Json.object().put("name", name));
            } else {
                server.terminal().line(name + " is worth nothing any more.");
            }
            return Exit.DONE;
        }
    }
}
