package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Finding;
import java.util.List;

/**
 * What one probe found out about one database or file set.
 *
 * @param server as in {@link Evidence.Facts}; {@code up} for files
 * @param expected rows that the backups counted in the tables that shrank
 * @param missingFiles and the other file counts: 0 for databases
 */
record SourceReport(
        Evidence.Source source,
        String server,
        long missingTables,
        long missingRows,
        long expected,
        boolean deletesSeen,
        boolean corruption,
        boolean diskFull,
        long missingFiles,
        long expectedFiles,
        long changedFiles,
        long encryptedFiles,
        List<Finding> findings) {
    static SourceReport ofFiles(
            Evidence.Source source, long missing, long expected, long changed, long encrypted, List<Finding> findings) {
        return new SourceReport(source, "up", 0, 0, 0, false, false, false, missing, expected, changed, encrypted, findings);
    }

    /** Nothing could be seen. */
    static SourceReport silent(Evidence.Source source, String server, List<Finding> findings) {
        return new SourceReport(source, server, 0, 0, 0, false, false, false, 0, 0, 0, 0, findings);
    }
}
