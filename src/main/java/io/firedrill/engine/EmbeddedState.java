package io.firedrill.engine;

import io.firedrill.plan.Database;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The state database that {@code up} starts when the plan names none. */
final class EmbeddedState {
    private final Home home;

    EmbeddedState(Home home) {
        this.home = home;
    }

    /** Makes it the first time, starts it when it is not running, and says where it is. */
    Database start() {
        try {
            LocalPostgres server = server();
            if (!server.exists()) {
                server.create(password(), Map.of("shared_buffers", "64MB", "max_connections", "60"));
            }
            server.start();
            return database(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        new LocalPostgres(home.stateDatabase(), 0).stop();
    }

    boolean running() {
        // Where it runs is told by its data folder; the port does not matter.
        return new LocalPostgres(home.stateDatabase(), 0).running();
    }

    private LocalPostgres server() throws IOException {
        if (!Files.exists(portFile())) {
            return atPort(Ports.free());
        }
        LocalPostgres server = new LocalPostgres(home.stateDatabase(), Integer.parseInt(Files.readString(portFile()).strip()));
        // Somebody else may have taken the port while we were down.
        return server.running() || Ports.isFree(server.port()) ? server : atPort(Ports.free());
    }

    private LocalPostgres atPort(int port) throws IOException {
        Files.createDirectories(home.stateDatabase());
        Files.writeString(portFile(), port + "\n");
        LocalPostgres server = new LocalPostgres(home.stateDatabase(), port);
        if (server.exists()) {
            server.configure(Map.of("shared_buffers", "64MB", "max_connections", "60"));
        }
        return server;
    }

    private Database database(LocalPostgres server) {
        return new Database(
                "state",
                "127.0.0.1",
                server.port(),
                LocalPostgres.SUPERUSER,
                "postgres",
                Map.of(),
                Optional.of(passwordFile()));
    }

    private String password() throws IOException {
        if (!Files.exists(passwordFile())) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Home.writePrivate(passwordFile(), HexFormat.of().formatHex(random));
        }
        return Files.readString(passwordFile()).strip();
    }

    private Path passwordFile() {
        return home.folder().resolve("state.password");
    }

    private Path portFile() {
        return home.folder().resolve("state.port");
    }
}
