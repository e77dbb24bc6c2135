package io.firedrill.bench;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The other tools of the benchmark, as Debian packages them. */
final class Tools {
    private static final Duration DEADLINE = Duration.ofHours(6);
    private static final Path AWS = Path.of("/usr/bin/aws");

    private Tools() {}

    static Command command(String program, String... arguments) {
        return Command.of(Programs.find(program), arguments).withDeadline(DEADLINE);
    }

    /** Debian's own: another one on the path may be of any version or broken. */
    static Command aws(String... arguments) {
        if (!Files.isExecutable(AWS)) {
            throw new Failure(
                            "missing-tool",
                            "The program aws (%s) is not installed on this host.".formatted(AWS),
                            "Nothing was measured.",
                            "Install it: apt-get install awscli")
                    .lasting();
        }
        return Command.of(AWS.toString(), arguments).withDeadline(DEADLINE);
    }

    static void run(Command command) {
        Command.Result<String> result = command.run();
        if (!result.succeeded()) {
            throw new Failure(
                            "bench-tool-failed",
                            "%s failed (exit %d): %s".formatted(
                                    command.program(), result.exit(), (result.stderr() + result.value()).strip()),
                            "The benchmark was ended; its data were throwaway.",
                            "See what the program says, then start the benchmark again.")
                    .lasting();
        }
    }
}
