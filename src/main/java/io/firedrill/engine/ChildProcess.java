package io.firedrill.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A long-lived process that outlives the one that started it. It is remembered by PID and start time, as a PID alone may
 * by now belong to somebody else's process.
 *
 * @param file holds both
 */
public record ChildProcess(Path file) {
    public void remember(ProcessHandle process) {
        Instant started = process.info().startInstant().orElse(Instant.EPOCH);
        Home.writePrivate(file, process.pid() + " " + started.toEpochMilli());
    }

    /** The process while it lives. */
    public Optional<ProcessHandle> alive() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String[] words = Files.readString(file).strip().split(" ");
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startedAt(process) == Long.parseLong(words[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end, and ends it the hard way when it has not within the time. */
    public void stop(Duration patience) {
        alive().ifPresent(process -> {
            process.destroy();
            try {
                process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        });
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Milliseconds since 1970; tells a process from a later one with the same number. */
    public static long startedAt(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }
}
