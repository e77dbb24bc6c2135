package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * @param databases and {@code fileSets}: the plan's names of what to restore; may be empty, not both
 * @param restoreTo {@code latest}, an ISO-8601 instant (newest backup at or before it), or a backup id
 * @param damageBegan if known: only backups from before it are taken
 * @param failedBackups ids that failed on restore or proof in this incident already
 */
public record SelectRequest(
        String service,
        String incident,
        List<String> databases,
        List<String> fileSets,
        String restoreTo,
        @Nullable Instant damageBegan,
        List<String> failedBackups,
        Evidence evidence) {}
