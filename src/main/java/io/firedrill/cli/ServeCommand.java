package io.firedrill.cli;

import io.firedrill.client.Homes;
import io.firedrill.console.Server;
import io.firedrill.engine.Home;
import io.firedrill.engine.HomeLock;
import io.firedrill.engine.Listening;
import io.firedrill.failure.Failure;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The server itself, in this process; {@code up} starts it. */
@Command(name = "serve", hidden = true, description = "Run the server in this process.")
final class ServeCommand implements Runnable {
    @Option(names = "--plan", required = true, paramLabel = "FILE")
    private Path plan = Path.of("");

    @Mixin
    private ListeningOptions listening = new ListeningOptions();

    @Override
    public void run() {
        serve(plan, listening.listening());
    }

    /**
     * Returns only when the process is told to end.
     *
     * @throws io.firedrill.failure.FailureException {@code already-serving} when another server lives in this home
     */
    static void serve(Path plan, Listening listening) {
        Home home = Homes.fromLauncher();
        Path file = HomeLock.ofServer(home);
        try (HomeLock alone = HomeLock.take(file).orElseThrow(() -> alreadyServing(home, file))) {
            run(plan, listening);
        }
    }

    static RuntimeException alreadyServing(Home home, Path lock) {
        return new Failure(
                        "already-serving",
                        "Another server is starting, running or ending in %s: %s."
                                .formatted(home.folder(), HomeLock.holderWords(lock)),
                        "It was left alone; nothing was started.",
                        "Look at it: firedrill status. Stop it: firedrill down. Or use another folder: FIREDRILL_HOME=DIR")
                .lasting();
    }

    private static void run(Path plan, Listening listening) {
        Server.run(plan.toAbsolutePath().normalize(), Homes.fromLauncher().folder(), Homes.dist(), listening);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
