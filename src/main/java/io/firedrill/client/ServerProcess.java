package io.firedrill.client;

import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.EmbeddedServices;
import io.firedrill.engine.Home;
import io.firedrill.engine.Listening;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Starts and stops the server as a process of its own, which outlives the command and the terminal. */
public final class ServerProcess {
    private static final Duration START_DEADLINE = Duration.ofMinutes(3);
    private static final Duration FIRST_SIGN_IN_DEADLINE = Duration.ofSeconds(15);
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(40);
    private static final Set<String> READY = Set.of("up", "ready", "healthy");

    private final Home home;

    public ServerProcess(Home home) {
        this.home = home;
    }

    /** As {@link #start(Path, Listening)}, for this host alone. */
    public Process start(Path plan, int port) {
        return start(plan, Listening.here(port));
    }

    /** Begins the start and returns at once; {@link #awaitReady} waits for it. */
    public Process start(Path plan, Listening listening) {
        try {
            Files.createDirectories(home.folder());
            Files.deleteIfExists(home.server());
            if (Files.exists(Homes.serverLog(home))) {
                Files.move(Homes.serverLog(home), home.folder().resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Process process = new ProcessBuilder(command(plan, listening))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Homes.serverLog(home).toFile())
                    .start();
            // It says itself where it is only once it listens; a stop must find it before.
            starting(home).remember(process.toHandle());
            return process;
        } catch (IOException e) {
            throw new Failure(
                            "server-start",
                            "The server could not be started: %s.".formatted(e.getMessage()),
                            "Nothing is running; your data is untouched.",
                            "Check that %s can be written to and that setsid (package util-linux) is installed."
                                    .formatted(home.folder()))
                    .lasting(e);
        }
    }

    private List<String> command(Path plan, Listening listening) {
        List<String> command = new ArrayList<>();
        // A session of its own: Ctrl-C in the terminal reaches the command, not the server.
        command.add("setsid");
        command.addAll(serveCommand(home, plan, listening));
        return command;
    }

    /** The server's own command line, for {@code --foreground} too. */
    public static List<String> serveCommand(Home home, Path plan, Listening listening) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx768m",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfiredrill.home=" + home.folder(),
                "-Dfiredrill.dist=" + Homes.dist(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.firedrill.cli.Firedrill",
                "serve",
                "--plan",
                plan.toAbsolutePath().toString()));
        command.addAll(listening.options());
        return command;
    }

    /**
     * Waits until engine and state database are up, showing what it waits for.
     *
     * @return the server's status
     */
    public JsonNode awaitReady(Process process, Terminal terminal) {
        Instant end = Instant.now().plus(START_DEADLINE);
        while (Instant.now().isBefore(end)) {
            if (!process.isAlive()) {
                throw ended(process.exitValue());
            }
            Optional<JsonNode> status = status();
            if (status.filter(ServerProcess::ready).isPresent()) {
                terminal.eraseStatus();
                return status.get();
            }
            terminal.status(status.map(ServerProcess::waitingFor).orElse("Starting the server ..."));
            rest();
        }
        throw new Failure(
                        "server-slow",
                        "The server is not ready after %d s.".formatted(START_DEADLINE.toSeconds()),
                        "It may still become ready; your data is untouched.",
                        "Look at `firedrill status` and %s, or stop it with: firedrill down.".formatted(Homes.serverLog(home)))
                .lasting();
    }

    /** The one-time link of the first admin while nobody can sign in; empty when somebody can, or it is not known soon. */
    public Optional<String> awaitFirstSignIn() {
        Instant end = Instant.now().plus(FIRST_SIGN_IN_DEADLINE);
        String state = signIn();
        while (state.equals("unknown") && Instant.now().isBefore(end)) {
            rest();
            state = signIn();
        }
        return state.equals("first") ? firstSignInLink() : Optional.empty();
    }

    private String signIn() {
        return status().map(status -> Json.text(status, "signIn", "unknown")).orElse("unknown");
    }

    private Optional<String> firstSignInLink() {
        try {
            return Optional.of(Files.readString(home.firstSignIn()).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<JsonNode> status() {
        try {
            return RunningServer.in(home).isEmpty()
                    ? Optional.empty()
                    : Optional.of(Connections.open(home, Optional.empty(), Optional.empty(), "firedrill").get("/status"));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /** Both parts say that they are up. */
    public static boolean ready(JsonNode status) {
        return READY.contains(Json.text(status.path("engine"), "state", ""))
                && READY.contains(Json.text(status.path("stateDatabase"), "state", ""));
    }

    private static String waitingFor(JsonNode status) {
        return "Waiting for the server: engine %s, state database %s ..."
                .formatted(
                        Json.text(status.path("engine"), "state", "starting"),
                        Json.text(status.path("stateDatabase"), "state", "starting"));
    }

    private RuntimeException ended(int exit) {
        return new Failure(
                        "server-start",
                        "The server stopped while it was starting (exit %d)%s".formatted(exit, logTail()),
                        "Nothing is running; your data is untouched.",
                        "Its whole log is " + Homes.serverLog(home) + ".")
                .lasting();
    }

    private String logTail() {
        try {
            List<String> lines = Files.readAllLines(Homes.serverLog(home));
            return ":\n    " + String.join("\n    ", lines.subList(Math.max(0, lines.size() - 12), lines.size()));
        } catch (IOException e) {
            return ".";
        }
    }

    /**
     * Stops server, engine and state database, in that order, also a server that is still starting; what is not running is
     * fine.
     *
     * @return what was running, in the words people know: {@code server}, {@code engine}, {@code state database}
     */
    public List<String> stop() {
        List<String> were = new ArrayList<>();
        Optional<ProcessHandle> server = RunningServer.in(home).map(RunningServer::process).or(() -> starting(home).alive());
        server.ifPresent(process -> {
            were.add("server");
            stop(process);
        });
        were.addAll(EmbeddedServices.running(home));
        EmbeddedServices.stopAll(home.folder());
        try {
            Files.deleteIfExists(home.server());
            Files.deleteIfExists(starting(home).file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return were;
    }

    private static ChildProcess starting(Home home) {
        return new ChildProcess(home.folder().resolve("server.pid"));
    }

    /** SIGTERM, and SIGKILL when that is not heeded: the engine's log makes either safe. */
    public static void stop(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
