package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** {@code pg_restore}, reading a custom-format archive from its standard input. */
public final class PgRestore {
    private static final Duration DEADLINE = Duration.ofDays(7);

    private PgRestore() {}

    public static String version() {
        return PgDump.version("pg_restore");
    }

    /**
     * Restores into the target, which must be fresh: stops at the first error, so that what it leaves then is not whole
     * and must be dropped.
     */
    public static void restore(Database target, Command.Input archive, long expectedBytes, Progress progress) {
        Command restore = PgConnectionArguments.connect(
                Command.of(Programs.find("pg_restore"), "--exit-on-error", "--no-password", "--format=custom")
                        .withDeadline(DEADLINE),
                "--dbname", target);
        Command.Result<String> result = restore.run(
                stdin -> archive.write(new CountedOutput(stdin, n -> progress.at("pg_restore", n, expectedBytes, "bytes"))),
                PgRestore::text);
        if (!result.succeeded()) {
            throw PgToolFailures.of(target, "pg_restore", result);
        }
    }

    /** Reads and decodes the whole archive without a server. */
    public static void decode(Command.Input archive) {
        Command.Result<Long> result = Command.of(Programs.find("pg_restore"), "--format=custom", "--file=-")
                .withDeadline(DEADLINE)
                .run(archive, stdout -> Copying.to(stdout, java.io.OutputStream.nullOutputStream(), n -> {}));
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
