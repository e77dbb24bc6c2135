package io.firedrill.recovery;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery will do, decided before anything moves and shown to the approver.
 *
 * @param databases and {@code fileSets}: what will be restored; at least one in total
 * @param lostSeconds time between the oldest chosen snapshot and {@code plannedAt}: data from then on will not be in the
 *     restored copy (it stays in what is set aside)
 * @param estimatedSeconds how long the restore is expected to take
 * @param candidates what was looked at and why it was taken or not, newest first
 * @param warnings what the approver should know, e.g. little free space
 */
public record RestorePlan(
        Instant plannedAt,
        List<DatabaseTarget> databases,
        List<FilesTarget> fileSets,
        long lostSeconds,
        long estimatedSeconds,
        List<Candidate> candidates,
        List<String> warnings) {

    /** The oldest moment that anything will be restored to; empty when nothing is restored. */
    public Optional<Instant> oldestSnapshot() {
        return Stream.concat(
                        databases.stream().map(DatabaseTarget::snapshotAt), fileSets.stream().map(FilesTarget::snapshotAt))
                .min(Comparator.naturalOrder());
    }

    /**
     * @param database the plan's name; {@code dbname} the name on the server
     * @param store from which it will be read
     * @param beside name of the new database it is restored into
     * @param setAside name the damaged one gets at cut-over
     */
    public record DatabaseTarget(
            String database,
            String dbname,
            String backup,
            String store,
            Instant snapshotAt,
            long tables,
            long rows,
            long bytes,
            String beside,
            String setAside) {}

    /** Paths are absolute and siblings of {@code path}, so that a rename swaps them. */
    public record FilesTarget(
            String fileSet,
            String path,
            String backup,
            String store,
            Instant snapshotAt,
            long files,
            long bytes,
            String beside,
            String setAside) {}

    /**
     * {@code verdict}: {@code chosen}, {@code older}, {@code shows-damage}, {@code quarantined}, {@code unchecked},
     * {@code failed-before}, {@code after-target}, {@code no-key}.
     */
    public record Candidate(String backup, String source, @Nullable Instant snapshotAt, String verdict, String why) {}
}
