package io.firedrill.backup;

import io.firedrill.store.BackupId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One backup just taken, copied or checked, for process variables and pages.
 *
 * @param bytes before compression; {@code storedBytes} as stored
 * @param repository of another tool, where it lies: {@code pgbackrest:main}; null: in the stores
 */
public record BackupSummary(
        BackupId id,
        String kind,
        String source,
        Instant snapshotAt,
        long bytes,
        long storedBytes,
        double seconds,
        long tables,
        long rows,
        long files,
        @Nullable String repository) {}
