package io.firedrill.plan;

import java.util.Optional;

/**
 * One line of a service's backup plan.
 *
 * @param schedule Spring-style cron of six fields (seconds first), as Zeebe's timer cycle takes it; absent: by hand only
 * @param continuousWal physical only: WAL is received all the time, so that any moment since a base backup can be restored
 */
public record BackupEntry(BackupKind kind, Optional<String> schedule, Keep keep, boolean continuousWal) {
    /** Without continuous WAL. */
    public BackupEntry(BackupKind kind, Optional<String> schedule, Keep keep) {
        this(kind, schedule, keep, false);
    }
}
