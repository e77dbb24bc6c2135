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
    /** Decides the ids. {@code kind}: {@code logical}, {@code physical}, {@code files} or {@code all} (what the plan lists). */
    BackupSet plan(String service, String kind, Instant now);

    BackupSummary dumpDatabase(String service, String database, BackupId id, Progress progress);

    /** @param database the one that names the server */
    BackupSummary baseBackup(String service, String database, BackupId id, Progress progress);

    BackupSummary syncFiles(String service, String fileSet, BackupId id, Progress progress);

    /** Reads the backup back from the named store: digests, decryption, full decode. Quarantines it and fails when anything is off. */
    BackupSummary check(BackupId id, String store, Progress progress);

    /** The copies whose last check is longer ago than the plan allows, or that were never checked; oldest first. */
    List<Copy> dueForCheck(String service);

    /** One store's copy of a backup. */
    record Copy(BackupId backup, String store) {}

    /**
     * As {@link #check}, for a copy that was good once: what is wrong with the copy is the answer, not a failure. It is
     * quarantined; one that is not there any more is forgotten.
     */
    Rechecked recheck(BackupId id, String store, Progress progress);

    /**
     * @param state {@code good}, {@code damaged} (quarantined now), {@code gone} (lost from its store, without our doing)
     * @param note why it is not good, or empty
     */
    record Rechecked(String state, String note) {}

    /**
     * Copies from the primary store to the named one; the copy's manifest is written last. What lies in another tool's
     * repository is not copied: that tool's repositories are its copies.
     */
    BackupSummary copyOffsite(BackupId id, String store, Progress progress);

    /**
     * Removes what no retention rule keeps; never the last verified backup of a source, never one under a legal hold. A
     * copy that its store has locked stays without a failure. With {@code dryRun} nothing is removed. What another tool
     * keeps, goes or stays by that tool's own retention.
     */
    Expired expire(String service, boolean dryRun);

    /**
     * {@code removed} what went (or would go), {@code kept} how many stay.
     *
     * @param fates of every backup of the service, newest first
     */
    record Expired(List<BackupId> removed, int kept, List<Fate> fates) {
        static Expired of(List<Fate> fates) {
            List<BackupId> removed = fates.stream().filter(Fate::removed).map(Fate::backup).toList();
            return new Expired(removed, fates.size() - removed.size(), List.copyOf(fates));
        }
    }

    /** @param why every reason, in words: what keeps it, or that nothing does */
    record Fate(BackupId backup, boolean removed, List<String> why) {}

    /**
     * Puts a backup under legal hold, or ends that. Kept in the stores, so that every server sees it. Saying it again does
     * no harm.
     *
     * @throws io.firedrill.failure.FailureException {@code hold-incomplete} when a store does not answer (a hold holds
     *     all the same when one store took it), {@code not-held}, {@code unknown-backup}, {@code bad-reason}
     */
    void hold(BackupId id, boolean held, String by, String reason);
}
