package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.terminal.Terminal;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Options of every command that asks the server. */
final class ServerOptions {
    @Option(names = "--server", paramLabel = "URL", description = "The server's address (default: the one `up` started).")
    private @Nullable URI server;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Where the server's token lies (default: where `up` wrote it).")
    private @Nullable Path tokenFile;

    @Option(names = "--as", paramLabel = "NAME", description = "Who is acting; four eyes compares these names (default: your user name).")
    private String actor = System.getProperty("user.name");

    @Option(names = "--json", description = "One JSON object as the last line of standard output.")
    private boolean json;

    Api api() {
        return Connections.open(
                Homes.fromLauncher(), Optional.ofNullable(server), Optional.ofNullable(tokenFile), actor);
    }

    boolean json() {
        return json;
    }

    String actor() {
        return actor;
    }

    /** For what people read: standard output, which is left to the JSON when that was asked for. */
    Terminal terminal() {
        return json ? Terminal.onStandardError() : Terminal.onStandardOutput();
    }

    void print(JsonNode result) {
        Terminal.onStandardOutput().line(result.toString());
    }
}
