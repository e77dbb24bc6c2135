package io.firedrill.diagnosis;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was found, small enough to travel as a process variable; the decision table reads {@code facts}.
 *
 * @param findings for people, most telling first
 * @param databases and {@code fileSets}: damaged ones only carry {@code damaged = true}
 * @param ways what could be done, and what each would lose, the least first
 */
public record Evidence(
        Instant collectedAt, Facts facts, List<Finding> findings, List<Source> databases, List<Source> fileSets, List<Way> ways) {

    public Evidence {
        ways = Objects.requireNonNullElse(ways, List.of());
    }

    public Evidence with(List<Way> others) {
        return new Evidence(collectedAt, facts, findings, databases, fileSets, others);
    }

    /**
     * Inputs of the decision table {@code cause-and-strategy}.
     *
     * @param server {@code up}, {@code starting}, {@code rejecting} (too many connections), {@code refused} (password,
     *     pg_hba, missing database), {@code down}, {@code unknown} (it says something else than what was asked)
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
     * @param wholeServer whether every damaged server could come back as a whole: the plan says where it lives, and a verified
     *     base backup of it exists
     * @param damagedTables how many tables are missing, lost rows, were changed or cannot be read
     * @param signs what was seen, in the words of {@link io.firedrill.diagnosis.server.Sign}, most telling first
     * @param next the exact next step that the most telling sign asks for, whole sentences; null when restoring is it
     * @param standbys servers that answer as standbys, and could take over from a primary that does not answer
     * @param brokenStandbys servers of the plan that should be standbys and do not answer, or do not stream from the primary
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
            boolean backups,
            boolean wholeServer,
            long damagedTables,
            List<String> signs,
            @Nullable String next,
            long standbys,
            long brokenStandbys) {}

    /**
     * A way back.
     *
     * @param strategy one that {@code cause-and-strategy} may give, or {@code restore-tables}
     * @param loses in words
     * @param lostSeconds of data at most; null when that is not known, or nothing that time measures
     */
    public record Way(String strategy, String loses, @Nullable Long lostSeconds) {}

    /** {@code severity}: {@code damage}, {@code warning}, {@code info}. */
    public record Finding(String severity, String about, String text) {}

    /**
     * @param lastGood newest backup that does not show the damage, or null
     * @param tables damaged tables or files as a person reads them, at most 20
     * @param traces what of a database's damage can be looked for in its WAL
     */
    public record Source(String name, boolean damaged, @Nullable String lastGood, List<String> tables, List<Trace> traces) {
        public Source {
            traces = Objects.requireNonNullElse(traces, List.of());
        }

        /** Of files, or of nothing that WAL tells. */
        public Source(String name, boolean damaged, @Nullable String lastGood, List<String> tables) {
            this(name, damaged, lastGood, tables, List.of());
        }
    }

    /**
     * A damaged table, as the WAL knows it.
     *
     * @param databaseOid of the database it is in
     * @param file as {@code pg_relation_filepath} tells it; null: the table is missing
     * @param missingRows how many, about; 0 when the table is missing
     * @param rowsLeft 0 when the table is missing
     * @param changedRows how many rows one transaction changed, when that is the damage; else 0
     */
    public record Trace(String table, long databaseOid, @Nullable String file, long missingRows, long rowsLeft, long changedRows) {
        /** Of rows or a table that are gone. */
        public Trace(String table, long databaseOid, @Nullable String file, long missingRows, long rowsLeft) {
            this(table, databaseOid, file, missingRows, rowsLeft, 0);
        }
    }
}
