package io.firedrill.recovery;

import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a restore will take, and what that is known from. */
record Estimate(long seconds, String from) {
    static final long OVERHEAD_SECONDS = 5;

    /** Measured on two cores: restore, indexes, analyze and proof of a database; copying and hashing of files. */
    private static final long DATABASE_BYTES_PER_SECOND = 40_000_000;

    private static final long FILE_BYTES_PER_SECOND = 100_000_000;

    /** A scratch server: made, opened after the replay, removed. */
    private static final long SCRATCH_SECONDS = 5;

    /** Restore, indexes and proof against dump and measuring: measured 1.4 to 1.9 on two cores. */
    private static final long RESTORE_TO_BACKUP = 2;

    /** Laying out takes about what taking it took. */
    static long ofMoment(Duration took, long scratchBytes) {
        return OVERHEAD_SECONDS + SCRATCH_SECONDS + took.toSeconds() + scratchBytes / DATABASE_BYTES_PER_SECOND;
    }

    static long ofDump(Duration took) {
        return OVERHEAD_SECONDS + RESTORE_TO_BACKUP * took.toSeconds();
    }

    /**
     * From what a drill or recovery of this service took; else from how long these backups took.
     *
     * @param taken of the backup that took longest
     * @param scratchSeconds that scratch servers add
     */
    static Estimate of(
            List<DatabaseTarget> databases, List<FilesTarget> fileSets, Optional<MeasuredRecoveries.Took> measured, Duration taken,
            long scratchSeconds) {
        long ofDatabases = databases.stream().mapToLong(DatabaseTarget::bytes).sum();
        long ofFiles = fileSets.stream().mapToLong(FilesTarget::bytes).sum();
        if (measured.isPresent()) {
            double share = (ofDatabases + ofFiles) / (double) Math.max(1, measured.get().bytes());
            return new Estimate(OVERHEAD_SECONDS + scratchSeconds + Math.round(measured.get().seconds() * share),
                    "measured by " + measured.get().by());
        }
        // Everything is restored side by side, so the largest part counts.
        long byRate = Math.max(ofDatabases / DATABASE_BYTES_PER_SECOND, ofFiles / FILE_BYTES_PER_SECOND);
        return new Estimate(OVERHEAD_SECONDS + scratchSeconds + Math.max(byRate, RESTORE_TO_BACKUP * taken.toSeconds()),
                "estimated from how long the backup took; a drill measures it");
    }
}
