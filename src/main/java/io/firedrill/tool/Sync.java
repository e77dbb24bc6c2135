package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.nio.file.Path;
import java.time.Duration;

/** {@code sync}: what was written lies on the disk, not only in memory. */
public final class Sync {
    private Sync() {}

    /** Flushes the whole file system that the path is on: for many files far cheaper than one by one. */
    public static void fileSystemOf(Path path) {
        Command.Result<String> result = Command.of(Programs.find("sync"), "--file-system", path.toAbsolutePath().toString())
                .withDeadline(Duration.ofHours(1))
                .run();
        if (!result.succeeded()) {
            throw new Failure(
                            "disk-not-written",
                            "The disk of %s does not take what was written: %s".formatted(path, result.stderr().strip()),
                            "What was just written there may not last.",
                            "Look for faults of that disk (dmesg), then try again.")
                    .passing();
        }
    }
}
