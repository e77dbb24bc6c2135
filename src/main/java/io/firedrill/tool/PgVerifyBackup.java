package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code pg_verifybackup}: every file of a base backup that is laid out against its {@code backup_manifest}. */
public final class PgVerifyBackup {
    private PgVerifyBackup() {}

    /**
     * Lasting failure {@code base-backup-damaged} with what differs.
     *
     * @param added paths that were put there since, or changed for the place they lie in now
     */
    public static void verify(Path data, List<String> added) {
        Command verify = Command.of(Programs.find("pg_verifybackup"), "--no-parse-wal", "--quiet");
        for (String path : added) {
            verify = verify.with("--ignore=" + path);
        }
        Command.Result<String> result = verify.with(data.toString()).withDeadline(Duration.ofDays(1)).run();
        if (!result.succeeded()) {
            List<String> lines = (result.stderr() + result.value()).lines().limit(3).toList();
            throw new Failure("base-backup-damaged",
                            "What was laid out in %s is not what was backed up: %s".formatted(data, String.join("; ", lines)),
                            "It is not started; the damaged server is as it was.", "Take the next candidate.")
                    .lasting();
        }
    }
}
