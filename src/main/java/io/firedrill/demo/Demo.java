package io.firedrill.demo;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.HomeLock;
import io.firedrill.engine.StartGate;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** Builds the world, plays the story in it, tells the end, and leaves nothing running unless asked to. */
final class Demo {
    private final Home home;
    private final Terminal terminal;
    private final Answers answers;
    private final boolean keep;
    private final ServerProcess server;
    private final StartGate gate = new StartGate();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private boolean stopped;

    /** @param home of the demo alone; what an earlier demo left there is removed */
    Demo(Home home, Terminal terminal, Answers answers, boolean keep) {
        this.home = home;
        this.terminal = terminal;
        this.answers = answers;
        this.keep = keep;
        this.server = new ServerProcess(home);
    }

    /**
     * Plays it, alone in its home. Ctrl-C, a kill or a failure at any moment stops what was started until then.
     *
     * @throws io.firedrill.failure.FailureException {@code already-playing} when another demo plays in this home
     */
    Story.Ending play(Fault fault) {
        if (fault.stopsServer()) {
            SmallDisk.requireMountable();
        }
        Path file = HomeLock.ofDemo(home);
        try (HomeLock alone = HomeLock.take(file).orElseThrow(() -> alreadyPlaying(file))) {
            return playAlone(fault);
        }
    }

    private RuntimeException alreadyPlaying(Path lock) {
        return new Failure(
                        "already-playing",
                        "Another demo is playing in %s: %s.".formatted(home.folder(), HomeLock.holderWords(lock)),
                        "It was left alone; nothing was started.",
                        "Wait for its end, or stop it with Ctrl-C there or with: firedrill down. Or play in another folder:"
                                + " FIREDRILL_HOME=DIR ./firedrill demo")
                .lasting();
    }

    private Story.Ending playAlone(Fault fault) {
        Thread onCancel = new Thread(this::cancel, "demo-stop");
        Runtime.getRuntime().addShutdownHook(onCancel);
        boolean kept = false;
        try {
            Instant begun = Instant.now();
            World world = build(fault);
            Story.Ending end = new Story(world, api(), terminal, answers).play(fault);
            new Summary(terminal, end).tell();
            terminal.line("%s %s".formatted(terminal.bold("Time     "), Words.of(Duration.between(begun, Instant.now()))
                    + " from nothing to here"));
            kept = keep;
            if (kept) {
                tellHowToLookAround(world);
            }
            return end;
        } finally {
            if (cancelled.get()) {
                // Whatever this thread met is the cancelling's doing, not worth telling; the shutdown ends it.
                Pause.forEver();
            }
            if (!kept) {
                stop();
            }
            Runtime.getRuntime().removeShutdownHook(onCancel);
        }
    }

    private World build(Fault fault) {
        Instant begun = Instant.now();
        terminal.line(terminal.bold("== A service to lose =="));
        terminal.status("Removing what an earlier demo left ...");
        server.stop();
        World world = World.prepare(home);
        terminal.status("Starting PostgreSQL primary and standby, an S3-compatible store, Firedrill with its engine ...");
        world.build(gate, fault.stopsServer(), () -> startServer(world));
        Measured measured = Measured.of(world.shop(), world.places().uploads());
        terminal.line("PostgreSQL primary  %s, database shop, %,d rows".formatted(
                world.shop().database().address(), measured.rows()));
        terminal.line("Streaming standby   lag %d bytes".formatted(world.standbyLag()));
        terminal.line("Uploads             %s, %s".formatted(world.places().uploads(), measured.filesInWords()));
        terminal.line("Recovery plan       " + world.places().plan());
        terminal.line("Firedrill           %s, engine and state database up".formatted(api().server()));
        terminal.line(terminal.dim("Ready after " + Words.of(Duration.between(begun, Instant.now()))));
        return world;
    }

    private void startServer(World world) {
        AtomicReference<Process> process = new AtomicReference<>();
        gate.pass(() -> process.set(server.start(world.places().plan(), world.serverPort())));
        server.awaitReady(process.get(), terminal);
    }

    private Api api() {
        return Connections.open(home, Optional.empty(), Optional.empty(), Answers.REQUESTER);
    }

    /** Ctrl-C or a kill; a second one changes nothing, as the first is being heeded. */
    private void cancel() {
        cancelled.set(true);
        terminal.eraseStatus();
        terminal.line("Cancelled; stopping everything the demo started. This takes a moment.");
        stop();
        terminal.line("Stopped. Nothing of the demo is running; its files lie in %s.".formatted(home.folder()));
    }

    /** Once, whoever comes first: the end of the demo, its failure, or the cancelling. Last started, first stopped. */
    private synchronized void stop() {
        if (!stopped) {
            terminal.status("Stopping everything the demo started ...");
            gate.close();
            try {
                server.stop();
            } finally {
                World.stop(home);
            }
            stopped = true;
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
