package io.firedrill.backup;

import io.firedrill.store.BackupId;
import io.firedrill.tool.Progress;
import java.time.Instant;
import java.util.List;

/**
 * Take, check, copy and expire backups: one method per step of the {@code backup} process, each safe to call again with
 * the same arguments (it detects its finished work, or redoes unfinished work under new object names).
 */
public interface Backups {
    /** Decides the ids. {@code kind}: {@code logical}, {@code files} or {@code all}. */
    BackupSet plan(String service, String kind, Instant now);

    BackupSummary dumpDatabase(String service, String database, BackupId id, Progress progress);

    BackupSummary syncFiles(String service, String fileSet, BackupId id, Progress progress);

    /** Reads the backup back from the named store: digests, decryption, full decode. Quarantines it and fails when anything is off. */
    BackupSummary check(BackupId id, String store, Progress progress);

    /** Copies from the primary store to the named one; the copy's manifest is written last. */
    BackupSummary copyOffsite(BackupId id, String store, Progress progress);

    /** Removes what no retention rule keeps; never the last verified backup of a source. */
    Expired expire(String service, boolean dryRun);

    /** {@code removed} what went (or would go), {@code kept} how many stay. */
    record Expired(List<BackupId> removed, int kept) {}
}
