package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Command;
import java.nio.file.Path;
import java.time.Duration;

/** Gives what root restored to the user that is to run it. */
final class Owner {
    private Owner() {}

    /** With all that is in it. Lasting failure {@code not-owned}. */
    static void give(Path folder, String user) {
        Command.Result<String> given = Command.of("chown", "-R", "-h", user + ":", folder.toString())
                .withDeadline(Duration.ofHours(1)).run();
        if (!given.succeeded()) {
            throw new Failure("not-owned", "%s could not be given to user %s: %s".formatted(folder, user, given.stderr().strip()),
                            "The damaged server is as it was.", "Check that the user %s exists on this host.".formatted(user))
                    .lasting();
        }
    }
}
