package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.Json;
import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.HomeLock;
import io.firedrill.engine.StartGate;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Ports;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the server with a plan that has no mistakes. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the server: embedded engine and state database unless the plan names others.")
final class UpCommand implements Callable<Integer> {
    @Option(names = "--plan", paramLabel = "FILE", description = "The recovery plan (default: ${DEFAULT-VALUE}).")
    private Path plan = Path.of("recovery-plan.yaml");

    @Mixin
    private ListeningOptions listening = new ListeningOptions();

    @Option(names = "--foreground", description = {
        "Stay in this terminal; Ctrl-C stops the server. Its engine and state database stay for the next `up`;",
        "`firedrill down` stops them."
    })
    private boolean foreground;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.onStandardOutput();
        Home home = Homes.fromLauncher();
        Optional<RunningServer> running = RunningServer.in(home);
        if (running.isPresent()) {
            return alreadyRunning(running.get(), terminal);
        }
        // Before the lock, whose file needs the home: a plan with mistakes leaves nothing behind.
        PlanCheck.thorough(plan);
        Path file = HomeLock.ofStart(home);
        try (HomeLock alone = HomeLock.take(file).orElseThrow(() -> alreadyStarting(home, file))) {
            return up(home, terminal);
        }
    }

    private int up(Home home, Terminal terminal) {
        requireFreePort();
        if (HomeLock.holder(HomeLock.ofServer(home)).isPresent()) {
            throw ServeCommand.alreadyServing(home, HomeLock.ofServer(home));
        }
        if (foreground) {
            ServeCommand.serve(plan, listening.listening());
            return Exit.DONE;
        }
        start(home, terminal);
        Optional<String> firstSignIn = new ServerProcess(home).awaitFirstSignIn();
        tellWhere(home, terminal);
        firstSignIn.ifPresent(link -> terminal.line("  Sign in   nobody can yet; the first admin sets a password, once, at " + link));
        return Exit.DONE;
    }

    /** Ctrl-C or a failure before the server is ready stops what was started of it. */
    private void start(Home home, Terminal terminal) {
        ServerProcess server = new ServerProcess(home);
        StartGate gate = new StartGate();
        AtomicReference<Process> process = new AtomicReference<>();
        Thread onCancel = new Thread(() -> cancel(gate, server, terminal), "up-stop");
        Runtime.getRuntime().addShutdownHook(onCancel);
        boolean ready = false;
        try {
            gate.pass(() -> process.set(server.start(plan, listening.listening())));
            server.awaitReady(process.get(), terminal);
            ready = true;
        } finally {
            if (!ready && process.get() != null && !process.get().isAlive()) {
                server.stop();
            }
            Runtime.getRuntime().removeShutdownHook(onCancel);
        }
    }

    private static void cancel(StartGate gate, ServerProcess server, Terminal terminal) {
        terminal.line("Cancelled; stopping what was started of the server ...");
        gate.close();
        server.stop();
        terminal.line("Stopped. Runs that were going on resume with the next `firedrill up`.");
    }

    private static RuntimeException alreadyStarting(Home home, Path lock) {
        return new Failure(
                        "already-starting",
                        "Another `firedrill up` is starting a server in %s: %s."
                                .formatted(home.folder(), HomeLock.holderWords(lock)),
                        "It was left alone; nothing was started.",
                        "Wait for it, or use another folder: FIREDRILL_HOME=DIR")
                .lasting();
    }

    private int alreadyRunning(RunningServer running, Terminal terminal) {
        Api api = Connections.open(running.home(), Optional.empty(), Optional.empty(), "firedrill");
        String itsPlan = Json.text(api.get("/status").path("plan"), "file", "");
        if (Path.of(itsPlan).equals(plan.toAbsolutePath().normalize())) {
            terminal.line("Already running at " + running.url() + " with " + itsPlan + ".");
            new ServerProcess(running.home()).awaitFirstSignIn().ifPresent(link ->
                    terminal.line("Nobody can sign in yet; the first admin sets a password, once, at " + link));
            return Exit.DONE;
        }
        throw new Failure(
                        "other-plan-running",
                        "A server with another plan is running at %s: %s.".formatted(running.url(), itsPlan),
                        "It was left alone; nothing was started.",
                        "Stop it first: firedrill down")
                .lasting();
    }

    private void requireFreePort() {
        Integer port = listening.port();
        if (port != null && !Ports.isFree(port)) {
            throw new Failure(
                            "port-taken",
                            "Port %d of this host is taken by another program.".formatted(port),
                            "Nothing was started.",
                            "Choose another: firedrill up --plan %s --port PORT".formatted(plan))
                    .lasting();
        }
    }

    private static void tellWhere(Home home, Terminal terminal) {
        RunningServer.in(home).ifPresent(server -> terminal.line("Firedrill is up at " + server.url()));
        terminal.line("  API       under /api, with the token in " + home.token());
        terminal.line("  Log       " + Homes.serverLog(home));
        terminal.line("Next: firedrill status · firedrill backup SERVICE --wait · firedrill tasks · firedrill down");
    }
}
