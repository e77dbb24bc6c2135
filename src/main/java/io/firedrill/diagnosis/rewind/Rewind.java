package io.firedrill.diagnosis.rewind;

import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the WAL says of a symptom.
 *
 * @param suspects in the order of their commits
 * @param target where to stop a point-in-time recovery so that it has nothing of any suspect; absent without suspects
 * @param complete whether the whole range that was asked for could be read
 * @param note pg_waldump's words where the log ended, or empty
 */
public record Rewind(List<Suspect> suspects, Optional<Target> target, boolean complete, String note) {

    /**
     * {@code recovery_target_lsn} with {@code recovery_target_inclusive = off}.
     *
     * @param lsn the commit record of the first suspect
     * @param at when that commit was, by the database server's clock
     */
    public record Target(Lsn lsn, Instant at) {}
}
