package io.firedrill.demo;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Builds the world, plays the story in it, tells the end, and leaves nothing running unless asked to. */
final class Demo {
    private final Home home;
    private final Terminal terminal;
    private final Answers answers;
    private final boolean keep;
    private final ServerProcess server;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /** @param home of the demo alone; what an earlier demo left there is removed */
    Demo(Home home, Terminal terminal, Answers answers, boolean keep) {
        this.home = home;
        this.terminal = terminal;
        this.answers = answers;
        this.keep = keep;
        this.server = new ServerProcess(home);
    }

    Story.Ending play(Fault fault) {
        Thread onCancel = new Thread(this::stop, "demo-stop");
        Runtime.getRuntime().addShutdownHook(onCancel);
        boolean kept = false;
        try {
            Instant begun = Instant.now();
            World world = build();
            Story.Ending end = new Story(world, api(), terminal, answers).play(fault);
            new Summary(terminal, end).tell();
            terminal.line("%s %s".formatted(terminal.bold("Time     "), Words.of(Duration.between(begun, Instant.now()))
                    + " from nothing to here"));
            kept = keep;
            if (kept) {
                Runtime.getRuntime().removeShutdownHook(onCancel);
                tellHowToLookAround(world);
            }
            return end;
        } finally {
            if (!kept) {
                stop();
            }
        }
    }

    private World build() {
        Instant begun = Instant.now();
        terminal.line(terminal.bold("== A service to lose =="));
        terminal.status("Removing what an earlier demo left ...");
        server.stop();
        World world = World.prepare(home);
        terminal.status("Starting PostgreSQL primary and standby, an S3-compatible store, Firedrill with its engine ...");
        world.build(() -> server.awaitReady(server.start(world.places().plan(), world.serverPort()), terminal));
        Measured measured = Measured.of(world.shop(), world.places().uploads());
        terminal.line("PostgreSQL primary  %s, database shop, %,d rows".formatted(
                world.shop().database().address(), measured.rows()));
        terminal.line("Streaming standby   lag %d bytes".formatted(world.standbyLag()));
        terminal.line("Uploads             %s, %,d files".formatted(world.places().uploads(), measured.files().size()));
        terminal.line("Recovery plan       " + world.places().plan());
        terminal.line("Firedrill           %s, engine and state database up".formatted(api().server()));
        terminal.line(terminal.dim("Ready after " + Words.of(Duration.between(begun, Instant.now()))));
        return world;
    }

    private Api api() {
        return Connections.open(home, Optional.empty(), Optional.empty(), Answers.REQUESTER);
    }

    /** Once, whoever calls first: the end of the demo, its failure, or Ctrl-C. */
    private void stop() {
        if (stopped.compareAndSet(false, true)) {
            terminal.status("Stopping everything the demo started ...");
            server.stop();
            World.stop(home);
            terminal.eraseStatus();
        }
    }

    private void tellHowToLookAround(World world) {
        terminal.blank();
        terminal.line("Everything is still running:");
        terminal.line("  firedrill status · runs · tasks · backups · incident ID");
        terminal.line("  PGPASSWORD=$(cat %s) psql -h 127.0.0.1 -p %d -U %s shop".formatted(
                world.shop().database().passwordFile().orElseThrow(),
                world.shop().database().port(),
                world.shop().database().user()));
        terminal.line("  API at %s/api with the token in %s; log in %s".formatted(
                api().server(), home.token(), Homes.serverLog(home)));
        terminal.line("Stop it with: firedrill down");
    }
}
