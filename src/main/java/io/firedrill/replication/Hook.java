package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Command;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program that the plan names; it is told what happened by its environment. */
final class Hook {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private Hook() {}

    /** @param key of the plan that names it */
    static void run(List<String> words, Map<String, String> environment, String key) {
        Command.Result<String> result = Command.of(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new))
                .withEnvironment(environment)
                .withDeadline(DEADLINE)
                .run();
        if (!result.succeeded()) {
            throw new Failure(
                            key + "-failed",
                            "The plan's %s program %s failed (exit %d): %s".formatted(
                                    key, words.getFirst(), result.exit(), (result.stderr() + result.value()).strip()),
                            "What it should have done may be done in part.",
                            "Mend it, then try again; it is run again.")
                    .lasting();
        }
    }
}
