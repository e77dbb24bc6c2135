package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** {@code pg_basebackup}: a whole server as tar streams, with the WAL that makes them restorable on their own. */
public final class PgBasebackup {
    /** How the end by a closed pipe is told: 128 and the signal's number. */
    private static final int SIGPIPE = 141;

    private static final Duration READERS_TELL = Duration.ofSeconds(30);
    private static final Duration DEADLINE = Duration.ofDays(7);
    private static final String MANIFEST = "backup_manifest";

    private PgBasebackup() {}

    /** As the program says, e.g. {@code 15.20}. */
    public static String version() {
        return PgDump.version("pg_basebackup");
    }

    /** Reads one archive to its end. */
    @FunctionalInterface
    public interface Archive {
        void read(InputStream tar) throws IOException;
    }

    /** The server has no tablespaces: one archive, which holds {@code backup_manifest} too. Nothing touches the disk. */
    public static void stream(Database db, String label, Archive base) {
        Command.Result<Boolean> result = command(db, "-", label).run(Command.Input.NONE, stdout -> {
            base.read(stdout);
            return true;
        });
        require(db, result);
    }

    /**
     * The server has tablespaces: several archives, which pg_basebackup writes only as files of a folder that was empty when
     * it began. So it is given named pipes: they are put into its folder after it looked and before it writes, a moment
     * that {@link Relay} makes sure of. Nothing but {@code backup_manifest} touches the disk.
     *
     * @param archives by the name that pg_basebackup gives them: {@code base}, and each tablespace's oid
     * @return {@code backup_manifest}
     */
    public static byte[] archives(Database db, String label, Map<String, Archive> archives) {
        try {
            Path scratch = Files.createTempDirectory("firedrill-basebackup");
            try {
                return archives(db, label, archives, scratch.resolve("pipes"));
            } finally {
                remove(scratch.resolve("pipes"));
                Files.deleteIfExists(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] archives(Database db, String label, Map<String, Archive> archives, Path folder) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        var done = new ExecutorCompletionService<Boolean>(threads);
        List<Runnable> readers = new ArrayList<>();
        archives.forEach((name, archive) -> readers.add(() -> done.submit(() -> read(folder.resolve(name + ".tar"), archive))));
        try (Relay relay = Relay.to(db.host(), db.port(), () -> pipes(folder, archives, readers))) {
            Command command = command(relay.through(db), folder.toString(), label);
            done.submit(() -> ended(db, command.run()));
            boolean whole = true;
            for (int finished = 0; finished <= archives.size(); finished++) {
                Future<Boolean> next = whole ? done.take() : done.poll(READERS_TELL.toSeconds(), TimeUnit.SECONDS);
                if (next == null) {
                    break;
                }
                whole &= next.get();
            }
            if (!whole) {
                throw new Failure("broken-pipe", "pg_basebackup of %s lost who read its archives.".formatted(db.address()),
                                "There is no new base backup; nothing of this one is left.", "Try again.")
                        .passing();
            }
            return Files.readAllBytes(folder.resolve(MANIFEST));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "The base backup was cancelled.", "It was stopped half-way; nothing of it is left.",
                            "Start it again.")
                    .passing(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    /** False when it died because a reader of its archives did: that one tells why. */
    private static boolean ended(Database db, Command.Result<?> result) {
        if (result.exit() == SIGPIPE) {
            return false;
        }
        require(db, result);
        return true;
    }

    /** Once, as soon as pg_basebackup has made its folder. */
    private static void pipes(Path folder, Map<String, Archive> archives, List<Runnable> readers) {
        synchronized (readers) {
            if (readers.isEmpty() || !Files.isDirectory(folder)) {
                return;
            }
            String[] paths = archives.keySet().stream().map(name -> folder.resolve(name + ".tar").toString()).toArray(String[]::new);
            Command.Result<String> made = Command.of(Programs.find("mkfifo"), "--mode=600").with(paths).run();
            if (!made.succeeded()) {
                throw new Failure("no-pipes", "Named pipes could not be made in %s: %s".formatted(folder, made.stderr().strip()),
                                "There is no new base backup.", "Check that java.io.tmpdir is on a local file system.")
                        .lasting();
            }
            readers.forEach(Runnable::run);
            readers.clear();
        }
    }

    /** By {@code cat}, which can be ended while it waits for a writer that never comes. */
    private static boolean read(Path pipe, Archive archive) {
        return Command.of(Programs.find("cat"), pipe.toString()).withDeadline(DEADLINE).run(Command.Input.NONE, stdout -> {
            archive.read(stdout);
            return true;
        }).value();
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var left = Files.list(folder)) {
                for (Path path : left.toList()) {
                    Files.deleteIfExists(path);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    private static Command command(Database db, String target, String label) {
        return PgConnectionArguments.connect(
                Command.of(Programs.find("pg_basebackup"), "--pgdata=" + target, "--format=tar", "--wal-method=fetch",
                                "--checkpoint=fast", "--no-password", "--no-sync", "--label=" + label)
                        .withDeadline(DEADLINE),
                "--dbname", db);
    }

    private static void require(Database db, Command.Result<?> result) {
        if (!result.succeeded()) {
            throw Optional.<FailureException>empty().or(() -> PgReplicationFailures.of(db, result.stderr()))
                    .orElseGet(() -> PgToolFailures.of(db, "pg_basebackup", result));
        }
    }
}
