package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code restore-database} and {@code restore-files} hand back.
 *
 * @param name the plan's name of the database or file set
 * @param failure why it could not be restored at all; null when it was (proven or not)
 */
public record RestoreResult(
        String name,
        String backup,
        boolean proven,
        long tables,
        long rows,
        long files,
        long bytes,
        double seconds,
        List<String> differences,
        @Nullable Failure failure) {

    static RestoreResult of(String name, String backup, Proof proof, double seconds, long bytes) {
        return new RestoreResult(
                name,
                backup,
                proof.proven(),
                proof.tables(),
                proof.rows(),
                proof.files(),
                bytes,
                seconds,
                proof.differences(),
                null);
    }

    /** A table that was put back is proven, or nothing was. */
    static RestoreResult of(Recovery.TableBack table) {
        return new RestoreResult("%s: %s".formatted(table.database(), table.done().name()), table.backup(), true, 1,
                table.done().inserted() + table.done().overwritten(), 0, 0, 0, List.of(), null);
    }

    /** Lasting failure {@code scratch-copy-not-proven}, or why it could not be restored. */
    static void requireProven(@Nullable List<@Nullable RestoreResult> copies, int wanted) {
        List<@Nullable RestoreResult> all = copies == null ? List.of() : copies;
        all.stream().filter(copy -> copy != null && copy.failure() != null).findFirst().ifPresent(copy -> {
            throw Objects.requireNonNull(copy.failure()).lasting();
        });
        if (all.size() < wanted || all.stream().anyMatch(copy -> copy == null || !copy.proven())) {
            throw new Failure("scratch-copy-not-proven",
                            "A scratch copy is not what its backup recorded: %s.".formatted(all.stream()
                                    .flatMap(copy -> copy == null ? Stream.of("one is missing") : copy.differences().stream())
                                    .limit(3)
                                    .collect(Collectors.joining("; "))),
                            "Nothing was put back; the live database goes on serving.",
                            "Try again: the next older backup is taken then.")
                    .lasting();
        }
    }
}
