package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.recovery.surgical.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param databases and {@code fileSets}: the plan's names of what to restore; may be empty
 * @param servers the plan's names of servers to restore as a whole
 * @param restoreTo {@code latest}, an ISO-8601 instant (newest backup at or before it), or a backup id
 * @param damageBegan if known: only backups from before it are taken
 * @param evidence null in a drill, where nothing is damaged
 * @param tables and {@code paths}: as in {@link Scope}
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
        @Nullable Evidence evidence,
        List<String> servers,
        Map<String, List<TableName>> tables,
        Map<String, List<String>> paths) {

    /** Whole databases and file sets. */
    public SelectRequest(
            String service,
            String incident,
            List<String> databases,
            List<String> fileSets,
            String restoreTo,
            @Nullable Instant damageBegan,
            List<String> failedBackups,
            @Nullable Evidence evidence) {
        this(service, incident, databases, fileSets, restoreTo, damageBegan, failedBackups, evidence, List.of(), Map.of(), Map.of());
    }

    /** What the scope says. */
    public static SelectRequest of(
            Scope scope,
            String service,
            String incident,
            String restoreTo,
            @Nullable Instant damageBegan,
            List<String> failedBackups,
            Evidence evidence) {
        return new SelectRequest(service, incident, scope.databases(), scope.fileSets(), restoreTo, damageBegan, failedBackups, evidence,
                scope.servers(), scope.tables(), scope.paths());
    }

    /** The same, of other databases and no whole server. */
    SelectRequest of(List<String> others) {
        return new SelectRequest(service, incident, others, fileSets, restoreTo, damageBegan, failedBackups, evidence, List.of(), tables, paths);
    }
}
