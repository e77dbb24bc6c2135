package io.firedrill.client;

import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.Home;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A server of this host that is alive, as it says itself in {@link Home#server()}. */
public record RunningServer(Home home, URI url, ProcessHandle process) {

    /**
     * Empty when no server was started, or the one that wrote the file is gone: after a crash its number may belong to
     * somebody else's process, which must neither be trusted nor stopped.
     */
    public static Optional<RunningServer> in(Home home) {
        try {
            JsonNode file = Json.parse(Files.readString(home.server()));
            return ProcessHandle.of(Json.number(file, "pid"))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> ChildProcess.startedAt(process) == Json.number(file, "startedAt"))
                    .flatMap(process -> Json.text(file, "url").map(url -> new RunningServer(home, URI.create(url), process)));
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The plan of the server that runs in the home or ran there last and was not stopped. */
    static Optional<String> lastPlan(Home home) {
        try {
            return Json.text(Json.parse(Files.readString(home.server())), "plan");
        } catch (IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    /** The home's own server, else the one that a kept demo runs. */
    public static Optional<RunningServer> find(Home home) {
        return in(home).or(() -> in(Homes.demo(home)));
    }
}
