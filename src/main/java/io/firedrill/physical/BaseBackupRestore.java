package io.firedrill.physical;

import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;

/** Brings a base backup back as a data folder, whoever took it. */
public interface BaseBackupRestore {
    /**
     * Lays the backup and the way to the WAL up to the target into a new folder, ready to be started: PostgreSQL itself then
     * replays to the target and opens for writing on a new timeline. When it fails, what was laid out is removed again.
     *
     * @param folder is made; neither it nor its neighbours {@code FOLDER.wal} and {@code FOLDER.tablespaces} may exist
     * @throws io.firedrill.failure.FailureException {@code folder-exists}; {@code moment-not-recoverable}, naming what is;
     *     {@code target-disk-full}; what reading the backup fails with
     */
    ServerRestore.Laid layOut(Manifest base, RecoveryTarget target, java.nio.file.Path folder, Progress progress);
}
