package io.firedrill.demo;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;

/**
 * A disk of its own (tmpfs) that the demo's primary writes its WAL to, small enough to be filled for real.
 *
 * @param folder where it is mounted
 */
record SmallDisk(Path folder, LocalPostgres primary) {
    private static final String SIZE = "512m";
    private static final int SEGMENTS = 200;

    /** Lasting failure {@code demo-needs-root}. */
    static void requireMountable() {
        if (!LocalPostgres.root()) {
            throw needs("only root may mount");
        }
    }

    private static RuntimeException needs(String why) {
        return new Failure(
                        "demo-needs-root",
                        "The fault disk-full fills a small disk of its own (tmpfs), which %s.".formatted(why),
                        "Nothing was started, no disk was filled.",
                        "Run the demo as root where file systems may be mounted, or play another fault: firedrill demo --help")
                .lasting();
    }

    /** Moves the WAL of the primary, which is stopped for that, onto the disk. */
    void carryWal() {
        primary.stop();
        try {
            Files.createDirectories(folder);
            Command.Result<String> mount =
                    Command.of("mount", "-t", "tmpfs", "-o", "mode=700,size=" + SIZE, "firedrill-demo", folder.toString()).run();
            if (!mount.succeeded()) {
                throw needs("cannot be mounted here (%s)".formatted(mount.stderr().strip()));
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            LocalPostgres.own(folder);
            Path wal = primary.data().resolve("pg_wal");
            run("cp", "-a", wal + "/.", folder.toString());
            run("rm", "-rf", wal.toString());
            Files.createSymbolicLink(wal, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        primary.start();
    }

    /** Another file takes all space, and the shop goes on writing until the server stops. Returns what was run. */
    List<String> fill(Shop shop) {
        List<String> dd = List.of("if=/dev/zero", "of=" + filler(), "bs=1M");
        // It ends with "No space left on device": that is the point.
        Command.of("dd", dd.toArray(String[]::new)).run();
        String write = "SELECT pg_logical_emit_message(true, 'demo', 'x'), pg_switch_wal()";
        try {
            for (int i = 0; i < SEGMENTS; i++) {
                shop.run(write);
            }
        } catch (RuntimeException e) {
            // It stopped in the middle.
        }
        Instant end = Instant.now().plusSeconds(60);
        while (primary.running()) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("The primary still runs although the disk of its WAL is full.");
            }
            Pause.millis(100);
        }
        return List.of("dd " + String.join(" ", dd), "psql shop -c \"%s\"   # again and again, until the server stops".formatted(write));
    }

    /** What a person does about it. Returns what was run. */
    List<String> free() {
        run("rm", "-f", filler().toString());
        primary.start();
        return List.of("rm -f " + filler(), "pg_ctl start -D " + primary.data());
    }

    /** Nothing when it is not mounted. */
    static void unmount(Path folder) {
        try {
            if (Files.isDirectory(folder) && Files.readString(Path.of("/proc/self/mounts")).contains(" " + folder + " ")) {
                Command.of("umount", "--lazy", folder.toString()).run();
            }
        } catch (IOException e) {
            // A system without this list has no such disk either.
        }
    }

    private Path filler() {
        return folder.resolve("debug.log");
    }

    private static void run(String program, String... arguments) {
        Command.Result<String> result = Command.of(program, arguments).run();
        if (!result.succeeded()) {
            throw new IllegalStateException("%s failed: %s".formatted(program, result.stderr()));
        }
    }
}
