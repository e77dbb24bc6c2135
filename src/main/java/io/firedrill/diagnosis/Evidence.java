package io.firedrill.diagnosis;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found, small enough to travel as a process variable; the decision table reads {@code facts}.
 *
 * @param findings for people, most telling first
 * @param databases and {@code fileSets}: damaged ones only carry {@code damaged = true}
 */
public record Evidence(
        Instant collectedAt, Facts facts, List<Finding> findings, List<Source> databases, List<Source> fileSets) {

    /**
     * Inputs of the decision table {@code cause-and-strategy}.
     *
     * @param server {@code up}, {@code starting}, {@code rejecting} (too many connections), {@code refused} (password,
     *     pg_hba, missing database), {@code down}
     * @param missingTables tables the newest backup has and the database has not
     * @param missingRows rows fewer than the newest backup counted, over all tables that shrank suspiciously
     * @param missingRowsPercent of the rows the newest backup counted in those tables; 0–100
     * @param deletesSeen pg_stat counted about as many deletes as rows are missing
     * @param corruption XX001, XX002, checksum failures or unreadable relation files (58P01) seen
     * @param diskFull the server says 53100
     * @param missingFiles and {@code changedFiles}: against the newest snapshot
     * @param missingFilesPercent of the snapshot's files; 0–100
     * @param encryptedFiles changed files that look encrypted (incompressible and renamed or high entropy)
     * @param failedChecks names of plan checks that fail
     * @param backups whether any verified backup exists
     */
    public record Facts(
            String server,
            long missingTables,
            long missingRows,
            int missingRowsPercent,
            boolean deletesSeen,
            boolean corruption,
            boolean diskFull,
            long missingFiles,
            int missingFilesPercent,
            long changedFiles,
            long encryptedFiles,
            List<String> failedChecks,
            boolean backups) {}

    /** {@code severity}: {@code damage}, {@code warning}, {@code info}. */
    public record Finding(String severity, String about, String text) {}

    /**
     * @param lastGood newest backup that does not show the damage, or null
     * @param tables damaged tables or files as a person reads them, at most 20
     */
    public record Source(String name, boolean damaged, @Nullable String lastGood, List<String> tables) {}
}
