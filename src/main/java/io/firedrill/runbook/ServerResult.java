package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.ServerRestored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code restore-server} hands back: as {@link RestoreResult}, and how much of the damaged server's WAL came back.
 *
 * @param name the plan's name of the server's first database
 * @param complete whether all of it did, as far as can be told
 * @param reachedAt newest commit that came back; null: none is known
 */
public record ServerResult(
        String name,
        String backup,
        boolean proven,
        long tables,
        long rows,
        long files,
        long bytes,
        double seconds,
        List<String> differences,
        boolean complete,
        @Nullable Instant reachedAt,
        @Nullable Failure failure) {

    static ServerResult of(RestorePlan.ServerTarget target, Proof proof, ServerRestored restored) {
        return new ServerResult(
                target.server(), target.backup(), proof.proven(), proof.tables(), proof.rows(), 0, restored.bytes(), restored.seconds(),
                proof.differences(), restored.complete(), restored.newest(), null);
    }

    /** At most; of a moment that somebody named, from then on. */
    long lostSeconds(RestorePlan plan, Instant fencedAt) {
        if (complete) {
            return 0;
        }
        Instant planned = plan.servers().stream()
                .filter(target -> target.server().equals(name))
                .map(RestorePlan.ServerTarget::snapshotAt)
                .findFirst()
                .orElse(fencedAt);
        Instant from = reachedAt != null && reachedAt.isBefore(planned) ? reachedAt : planned;
        return Math.max(0, Duration.between(from, fencedAt).toSeconds());
    }
}
