package io.firedrill.cli;

import io.firedrill.client.Homes;
import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.demo.World;
import io.firedrill.engine.Home;
import io.firedrill.terminal.Terminal;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stops what {@code up}, or a demo that was kept, started. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stop the server, its engine and its state database; also a demo that was kept.")
final class DownCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Terminal terminal = Terminal.onStandardOutput();
        Home home = Homes.fromLauncher();
        boolean wasRunning = RunningServer.in(home).isPresent();
        terminal.status("Stopping ...");
        new ServerProcess(home).stop();
        boolean demoWasRunning = stopDemo(Homes.demo(home));
        terminal.line(
                wasRunning || demoWasRunning
                        ? "Stopped. Runs that were going on resume with the next `firedrill up`."
                        : "Nothing was running.");
        return Exit.DONE;
    }

    private static boolean stopDemo(Home demo) {
        if (!Files.isDirectory(demo.folder())) {
            return false;
        }
        boolean wasRunning = RunningServer.in(demo).isPresent();
        new ServerProcess(demo).stop();
        return World.stop(demo) || wasRunning;
    }
}
