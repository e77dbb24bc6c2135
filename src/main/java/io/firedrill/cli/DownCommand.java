package io.firedrill.cli;

import io.firedrill.client.Homes;
import io.firedrill.client.ServerProcess;
import io.firedrill.demo.World;
import io.firedrill.engine.Home;
import io.firedrill.engine.HomeLock;
import io.firedrill.terminal.Terminal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stops what {@code up} or a demo started, also what a killed server left running. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stop the server, its engine and its state database; also a demo that plays or was kept.")
final class DownCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        Terminal terminal = Terminal.onStandardOutput();
        Home home = Homes.fromLauncher();
        terminal.status("Stopping ...");
        List<String> own = new ServerProcess(home).stop();
        List<String> demo = stopDemo(Homes.demo(home));
        if (!own.isEmpty()) {
            terminal.line("Stopped: %s.%s Runs that were going on resume with the next `firedrill up`."
                    .formatted(String.join(", ", own), own.contains("server") ? "" : " The server itself had ended before."));
        }
        if (!demo.isEmpty()) {
            terminal.line("Stopped of the demo: %s.".formatted(String.join(", ", demo)));
        }
        if (own.isEmpty() && demo.isEmpty()) {
            terminal.line("Nothing was running.");
        }
        return Exit.DONE;
    }

    /** A demo that is playing is told to end, which it does by stopping everything it started; one that was kept is stopped here. */
    private static List<String> stopDemo(Home demo) {
        List<String> stopped = new ArrayList<>();
        HomeLock.holder(HomeLock.ofDemo(demo)).ifPresent(playing -> {
            ServerProcess.stop(playing);
            stopped.add("the demo that was playing (process " + playing.pid() + ")");
        });
        if (Files.isDirectory(demo.folder())) {
            stopped.addAll(new ServerProcess(demo).stop());
            if (World.stop(demo)) {
                stopped.add("its PostgreSQL servers and S3-compatible store");
            }
        }
        return stopped;
    }
}
