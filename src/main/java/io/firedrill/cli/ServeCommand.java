package io.firedrill.cli;

import io.firedrill.client.Homes;
import io.firedrill.console.Server;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The server itself, in this process; {@code up} starts it. */
@Command(name = "serve", hidden = true, description = "Run the server in this process.")
final class ServeCommand implements Runnable {
    @Option(names = "--plan", required = true, paramLabel = "FILE")
    private Path plan = Path.of("");

    @Option(names = "--port", paramLabel = "PORT")
    private int port = UpCommand.DEFAULT_PORT;

    @Override
    public void run() {
        serve(plan, port);
    }

    /** Returns only when the process is told to end. */
    static void serve(Path plan, int port) {
        Server.run(plan.toAbsolutePath().normalize(), Homes.fromLauncher().folder(), Homes.dist(), port);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
