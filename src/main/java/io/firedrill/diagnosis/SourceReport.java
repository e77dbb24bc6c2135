package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.diagnosis.server.Signal;
import java.util.List;

/**
 * What one probe found out about one database or file set.
 *
 * @param server as in {@link Evidence.Facts}; {@code up} for files
 * @param expected rows that the backups counted in the tables that shrank
 * @param signals each is told among the findings too, unless it only sums some of them up (an empty text)
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
        long missingFiles,
        long expectedFiles,
        long changedFiles,
        long encryptedFiles,
        List<Finding> findings,
        List<Signal> signals,
        long damagedTables) {
    static SourceReport ofFiles(
            Evidence.Source source, long missing, long expected, long changed, long encrypted, List<Finding> findings,
            List<Signal> signals) {
        return new SourceReport(source, "up", 0, 0, 0, false, false, missing, expected, changed, encrypted, findings, signals, 0);
    }

    /** Nothing could be seen. */
    static SourceReport silent(Evidence.Source source, String server, List<Finding> findings) {
        return new SourceReport(source, server, 0, 0, 0, false, false, 0, 0, 0, 0, findings, List.of(), 0);
    }
}
