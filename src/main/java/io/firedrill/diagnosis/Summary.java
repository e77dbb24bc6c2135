package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Facts;
import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.diagnosis.server.Sign;
import io.firedrill.diagnosis.server.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Adds up what the probes found. */
record Summary(
        List<SourceReport> databases, List<SourceReport> fileSets, List<Signal> servers, List<String> failedChecks,
        boolean backups, boolean wholeServer, StandbyProbe.Report standbys) {
    private static final List<String> WORST_FIRST = List.of("down", "refused", "rejecting", "starting", "unknown", "up");
    private static final List<String> TELLING_FIRST = List.of("damage", "warning", "info");
    private static final int SHOWN = 60;
    private static final int STEPS = 5;

    /** {@code more}: findings that are about no source. */
    Evidence evidence(Instant at, List<Finding> more, List<Evidence.Way> ways) {
        List<Finding> findings = new ArrayList<>(more);
        signals().filter(signal -> !signal.text().isEmpty())
                .map(signal -> new Finding(signal.damage() ? "damage" : "warning", signal.about(), signal.text()))
                .distinct()
                .forEach(findings::add);
        Stream.concat(databases.stream(), fileSets.stream()).forEach(report -> findings.addAll(report.findings()));
        findings.addAll(standbys.findings());
        if (!backups) {
            findings.add(new Finding("warning", "backups", "There is no verified backup."));
        }
        findings.sort(Comparator.comparingInt(finding -> TELLING_FIRST.indexOf(finding.severity())));
        return new Evidence(at, facts(), findings.stream().limit(SHOWN).toList(),
                databases.stream().map(SourceReport::source).toList(),
                fileSets.stream().map(SourceReport::source).toList(),
                ways);
    }

    /** Most telling first. */
    private Stream<Signal> signals() {
        return Stream.concat(servers.stream(), Stream.concat(databases.stream(), fileSets.stream()).flatMap(report -> report.signals().stream()))
                .sorted(Comparator.comparing(Signal::sign));
    }

    /** Of the most telling sign alone, whatever it was seen of. */
    private @Nullable String next() {
        Optional<Sign> first = signals().filter(signal -> signal.next() != null).map(Signal::sign).findFirst();
        return first.map(sign -> signals().filter(signal -> signal.sign() == sign)
                        .map(Signal::next)
                        .filter(Objects::nonNull)
                        .distinct()
                        .limit(STEPS)
                        .collect(Collectors.joining(" ")))
                .orElse(null);
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
                signals().anyMatch(signal -> signal.sign() == Sign.DISK_FULL),
                missingFiles,
                percent(missingFiles, sum(fileSets, SourceReport::expectedFiles)),
                sum(fileSets, SourceReport::changedFiles),
                sum(fileSets, SourceReport::encryptedFiles),
                failedChecks,
                backups,
                wholeServer,
                databases.stream().mapToLong(SourceReport::damagedTables).sum(),
                signals().map(Signal::sign).distinct().map(Sign::word).toList(),
                next(),
                standbys.standbys(),
                standbys.broken());
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
