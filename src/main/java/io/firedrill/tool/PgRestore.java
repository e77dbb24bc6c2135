package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** {@code pg_restore}, reading a custom-format archive, mostly from its standard input. */
public final class PgRestore {
    private static final Duration DEADLINE = Duration.ofDays(7);

    private PgRestore() {}

    public static String version() {
        return PgDump.version("pg_restore");
    }

    /** Lasting failure {@code tools-too-old} when the archive was written by a newer major version than pg_restore's here. */
    public static void requireFor(String dumpedBy) {
        String own = version();
        int archive = PgDump.major(dumpedBy);
        if (PgDump.major(own) < archive) {
            throw new Failure(
                            "tools-too-old",
                            "The backup was written by pg_dump %s, pg_restore on this host is %s.".formatted(dumpedBy, own),
                            "An older pg_restore cannot be trusted with a newer archive; nothing was restored, and the"
                                    + " damaged original is as it was.",
                            "Install postgresql-client-%d on this host (apt-get install postgresql-client-%d), then try again."
                                    .formatted(archive, archive))
                    .lasting();
        }
    }

    /**
     * Restores tables with their rows, large objects and sequences into the target, which must be fresh, as the archive
     * streams past; stops at the first error, so that what it leaves then is not whole and must be dropped.
     * {@link #finish} adds the rest.
     */
    public static void restoreData(Database target, Command.Input archive, long expectedBytes, Progress progress) {
        require(target, into(target, "--section=pre-data", "--section=data").run(
                stdin -> archive.write(new CountedOutput(stdin, n -> progress.at("pg_restore", n, expectedBytes, "bytes"))),
                PgRestore::text));
    }

    /**
     * Adds what needs the rows to be there: indexes, constraints, triggers, contents of materialized views; several at a
     * time. Stops at the first error.
     *
     * @param head a file that holds the archive up to its first block of data at least: pg_restore works in parallel only
     *     on a file, and needs no rows for this
     */
    public static void finish(Database target, Path head, int jobs) {
        require(target, into(target, "--section=post-data", "--jobs=" + jobs).with(head.toString()).run());
    }

    /** The same, one after the other, from the archive itself. */
    public static void finish(Database target, Command.Input archive) {
        require(target, into(target, "--section=post-data").run(archive, PgRestore::text));
    }

    private static Command into(Database target, String... sections) {
        return PgConnectionArguments.connect(
                Command.of(Programs.find("pg_restore"), "--exit-on-error", "--no-password", "--format=custom")
                        .with(sections)
                        .withDeadline(DEADLINE),
                "--dbname", target);
    }

    private static void require(Database target, Command.Result<String> result) {
        if (!result.succeeded()) {
            throw PgToolFailures.of(target, "pg_restore", result);
        }
    }

    /** Reads and decodes the whole archive without a server. */
    public static void decode(Command.Input archive) {
        Command.Result<String> result = Command.of(Programs.find("pg_restore"), "--format=custom", "--file=/dev/null")
                .withDeadline(DEADLINE)
                .run(archive, PgRestore::text);
        if (!result.succeeded()) {
            throw undecodable(result);
        }
    }

    /** How many tables' rows the archive's table of contents promises. */
    public static long tablesWithData(Command.Input archive) {
        Command.Result<Long> result = Command.of(Programs.find("pg_restore"), "--format=custom", "--list")
                .withDeadline(DEADLINE)
                .run(archive, PgRestore::countTableData);
        if (!result.succeeded()) {
            throw undecodable(result);
        }
        return result.value();
    }

    private static long countTableData(InputStream stdout) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8));
        long count = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // "3312; 0 16386 TABLE DATA schema table owner"; comment lines begin with a semicolon.
            if (line.matches("\\d+; \\d+ \\d+ TABLE DATA .*")) {
                count++;
            }
        }
        return count;
    }

    private static String text(InputStream stdout) throws IOException {
        return new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static FailureException undecodable(Command.Result<?> result) {
        return new Failure(
                        "undecodable-dump",
                        "pg_restore cannot read the archive (exit %d): %s".formatted(result.exit(), result.stderr().strip()),
                        "This backup cannot be restored.",
                        "Take a new backup now; restore from an older one if you must restore.")
                .lasting();
    }
}
