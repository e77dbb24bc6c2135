package io.firedrill.plan;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** What must hold for the service to count as working. */
public sealed interface Check {
    String name();

    /** One SELECT on one database; passes when its first column of its first row is true. */
    record Sql(String name, String sql, String database) implements Check {}

    /** GET; passes when the status equals {@code expect}. */
    record Http(String name, URI url, int expect, Duration timeout) implements Check {}

    /** A program with arguments, no shell; passes when it exits 0. */
    record Command(String name, List<String> command, Duration timeout) implements Check {
        public Command {
            command = List.copyOf(command);
            if (command.isEmpty()) {
                throw new IllegalArgumentException("No program in check '%s'".formatted(name));
            }
        }
    }
}
