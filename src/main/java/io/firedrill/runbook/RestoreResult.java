package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.proof.Proof;
import java.util.List;
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

    static RestoreResult of(String name, String backup, Proof proof, double seconds) {
        return new RestoreResult(
                name,
                backup,
                proof.proven(),
                proof.tables(),
                proof.rows(),
                proof.files(),
                proof.bytes(),
                seconds,
                proof.differences(),
                null);
    }
}
