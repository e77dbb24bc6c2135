package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.Json;
import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.Ports;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the server with a plan that has no mistakes. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the server: embedded engine and state database unless the plan names others.")
final class UpCommand implements Callable<Integer> {
    static final int DEFAULT_PORT = 8700;

    @Option(names = "--plan", paramLabel = "FILE", description = "The recovery plan (default: ${DEFAULT-VALUE}).")
    private Path plan = Path.of("recovery-plan.yaml");

    @Option(names = "--port", paramLabel = "PORT", description = "Port of 127.0.0.1 (default: 8700, or another when that is taken).")
    private @Nullable Integer port;

    @Option(names = "--foreground", description = "Stay in this terminal; Ctrl-C stops the server.")
    private boolean foreground;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.onStandardOutput();
        Home home = Homes.fromLauncher();
        Optional<RunningServer> running = RunningServer.in(home);
        if (running.isPresent()) {
            return alreadyRunning(running.get(), terminal);
        }
        PlanCheck.thorough(plan);
        requireFreePort();
        if (foreground) {
            ServeCommand.serve(plan, port());
            return Exit.DONE;
        }
        ServerProcess server = new ServerProcess(home);
        server.awaitReady(server.start(plan, port()), terminal);
        tellWhere(home, terminal);
        return Exit.DONE;
    }

    private int alreadyRunning(RunningServer running, Terminal terminal) {
        Api api = Connections.open(running.home(), Optional.empty(), Optional.empty(), "firedrill");
        String itsPlan = Json.text(api.get("/status").path("plan"), "file", "");
        if (Path.of(itsPlan).equals(plan.toAbsolutePath().normalize())) {
            terminal.line("Already running at " + running.url() + " with " + itsPlan + ".");
            return Exit.DONE;
        }
        throw new Failure(
                        "other-plan-running",
                        "A server with another plan is running at %s: %s.".formatted(running.url(), itsPlan),
                        "It was left alone; nothing was started.",
                        "Stop it first: firedrill down")
                .lasting();
    }

    private int port() {
        return port == null ? DEFAULT_PORT : port;
    }

    private void requireFreePort() {
        if (port != null && !Ports.isFree(port)) {
            throw new Failure(
                            "port-taken",
                            "Port %d of 127.0.0.1 is taken by another program.".formatted(port),
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
