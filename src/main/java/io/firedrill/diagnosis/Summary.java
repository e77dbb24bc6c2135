package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Facts;
import io.firedrill.diagnosis.Evidence.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Adds up what the probes found. */
record Summary(List<SourceReport> databases, List<SourceReport> fileSets, List<String> failedChecks, boolean backups) {
    private static final List<String> WORST_FIRST = List.of("down", "refused", "rejecting", "starting", "up");
    private static final List<String> TELLING_FIRST = List.of("damage", "warning", "info");
    private static final int SHOWN = 60;

    /** {@code more}: findings that are about no source. */
    Evidence evidence(Instant at, List<Finding> more) {
        List<Finding> findings = new ArrayList<>(more);
        Stream.concat(databases.stream(), fileSets.stream()).forEach(report -> findings.addAll(report.findings()));
        if (!backups) {
            findings.add(new Finding("warning", "backups", "There is no verified backup."));
        }
        findings.sort(Comparator.comparingInt(finding -> TELLING_FIRST.indexOf(finding.severity())));
        return new Evidence(at, facts(), findings.stream().limit(SHOWN).toList(),
                databases.stream().map(SourceReport::source).toList(),
                fileSets.stream().map(SourceReport::source).toList());
    }

    private Facts facts() {
        long missingRows = sum(databases, SourceReport::missingRows);
        long missingFiles = sum(fileSets, SourceReport::missingFiles);
        return new Facts(
                server(),
                sum(databases, SourceReport::missingTables),
                missingRows,
                percent(missingRows, sum(databases, SourceReport::expected)),
                missingRows > 0 && databases.stream().allMatch(report -> report.missingRows() == 0 || report.deletesSeen()),
                databases.stream().anyMatch(SourceReport::corruption),
                databases.stream().anyMatch(SourceReport::diskFull),
                missingFiles,
                percent(missingFiles, sum(fileSets, SourceReport::expectedFiles)),
                sum(fileSets, SourceReport::changedFiles),
                sum(fileSets, SourceReport::encryptedFiles),
                failedChecks,
                backups);
    }

    private String server() {
        return databases.stream()
                .map(SourceReport::server)
                .min(Comparator.comparingInt(WORST_FIRST::indexOf))
                .orElse("up");
    }

    private static long sum(List<SourceReport> reports, ToLongFunction<SourceReport> count) {
        return reports.stream().mapToLong(count).sum();
    }

    /** At least 1 when anything is missing at all. */
    private static int percent(long missing, long of) {
        return missing == 0 || of == 0 ? 0 : (int) Math.max(1, Math.round(100.0 * missing / of));
    }
}
