package io.firedrill.client;

import io.firedrill.engine.Home;
import io.firedrill.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the server to talk to and the token it wants. */
public final class Connections {
    private Connections() {}

    /**
     * The server named, else the one running in the home or its demo. The token comes from the file named, else from the
     * home of that server.
     *
     * @throws ApiException when no server runs, or the token file cannot be read
     */
    public static Api open(Home home, Optional<URI> server, Optional<Path> tokenFile, String actor) {
        Optional<RunningServer> running = RunningServer.find(home);
        URI url = server.or(() -> running.map(RunningServer::url)).orElseThrow(() -> noServer(home));
        Path token = tokenFile.orElseGet(() -> running.map(RunningServer::home).orElse(home).token());
        return new Api(url, token(token), actor);
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw ApiException.unreachable(
                    new Failure(
                            "token-unreadable",
                            "The token file %s cannot be read.".formatted(file),
                            "Without the token the server answers nobody; nothing was asked of it.",
                            "Run this as the user that started the server, or name the file with --token-file."),
                    e);
        }
    }

    private static ApiException noServer(Home home) {
        return ApiException.unreachable(
                new Failure(
                        "server-unreachable",
                        "No Firedrill server is running in %s.".formatted(home.folder()),
                        "Nothing was asked of it; runs that were going on resume when it is up again.",
                        "Start it with: firedrill up --plan FILE"),
                null);
    }
}
