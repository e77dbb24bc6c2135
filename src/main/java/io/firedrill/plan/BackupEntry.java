package io.firedrill.plan;

import java.util.Optional;

/**
 * One line of a service's backup plan.
 *
 * @param schedule Spring-style cron of six fields (seconds first), as Zeebe's timer cycle takes it; absent: by hand only
 */
public record BackupEntry(BackupKind kind, Optional<String> schedule, Keep keep) {}
