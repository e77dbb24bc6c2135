package io.firedrill.client;

import io.firedrill.engine.EmbeddedServices;
import io.firedrill.engine.Home;
import io.firedrill.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** It was killed, or is starting or ending just now; what it started lives on. */
    private static ApiException serverEnded(Home home, List<String> left, String next) {
        return ApiException.unreachable(
                new Failure(
                        "server-ended",
                        "The Firedrill server of %s is not there, but still running: %s."
                                .formatted(home.folder(), String.join(", ", left)),
                        "No step is worked on until it is up again; runs wait where they are, nothing is lost.",
                        next),
                null);
    }

    private static ApiException noServer(Home home) {
        List<String> own = EmbeddedServices.running(home);
        if (!own.isEmpty()) {
            return serverEnded(home, own, "Start it again with: firedrill up --plan %s. Or stop the rest: firedrill down"
                    .formatted(RunningServer.lastPlan(home).orElse("FILE")));
        }
        List<String> demo = EmbeddedServices.running(Homes.demo(home));
        if (!demo.isEmpty()) {
            return serverEnded(Homes.demo(home), demo, "Stop the rest of the demo with: firedrill down");
        }
        return ApiException.unreachable(
                new Failure(
                        "server-unreachable",
                        "No Firedrill server is running in %s.".formatted(home.folder()),
                        "Nothing was asked of it; runs that were going on resume when it is up again.",
                        "Start it with: firedrill up --plan FILE"),
                null);
    }
}
