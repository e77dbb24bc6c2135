package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import io.firedrill.store.Manifest;
import java.time.Instant;
import java.util.List;

/**
 * The moments that one base backup and the WAL after it can bring back, on one timeline.
 *
 * @param from the earliest; {@code to} the latest commit that is reached
 * @param toLsn the end of the last segment that follows without a gap
 * @param wal what is needed after the base backup, in order of replay, histories of timelines first
 * @param gap what is missing before the next WAL there is, or empty when nothing follows
 */
public record RecoverableRange(
        Manifest base, int timeline, Instant from, Instant to, Lsn fromLsn, Lsn toLsn, List<WalObject> wal, String gap) {
    /** Whether the moment lies in it. */
    public boolean reaches(Instant moment) {
        return !moment.isBefore(from) && !moment.isAfter(to);
    }

    /** Whether recovery can stop there, just before or after. */
    public boolean reaches(Lsn position) {
        return position.compareTo(fromLsn) >= 0 && position.compareTo(toLsn) <= 0;
    }
}
