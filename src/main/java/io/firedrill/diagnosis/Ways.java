package io.firedrill.diagnosis;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence.Way;
import io.firedrill.plan.Service;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What could be done about damage, and what that would lose at most. */
final class Ways {
    private final Service service;
    private final List<CatalogEntry> backups;
    private final Instant now;

    Ways(Service service, List<CatalogEntry> backups, Instant now) {
        this.service = service;
        this.backups = backups;
        this.now = now;
    }

    /** The newest backup without the damage, and how long ago that was. */
    private record Back(String source, String backup, Duration ago) {}

    /** @param wholeServer as in {@link Evidence.Facts} */
    List<Way> of(List<SourceReport> databases, List<SourceReport> fileSets, boolean wholeServer) {
        List<Back> ofDatabases = backs(databases);
        List<Back> ofFiles = backs(fileSets);
        boolean damaged = Stream.concat(databases.stream(), fileSets.stream()).anyMatch(report -> report.source().damaged());
        List<Way> ways = new ArrayList<>();
        add(ways, "restore-databases", ofDatabases, service.continuousWal());
        add(ways, "restore-files", ofFiles, false);
        if (wholeServer && databases.stream().anyMatch(report -> report.corruption() || report.missingRows() > 0 || report.server().equals("down"))) {
            ways.add(new Way("restore-server", service.continuousWal()
                    ? "Nothing that is in the base backup and its WAL; what people deleted is in that WAL too, and stays deleted."
                    : "What was written since the newest base backup.", service.continuousWal() ? 0L : null));
        }
        if (!ofDatabases.isEmpty() && !ofFiles.isEmpty()) {
            add(ways, "restore-all", Stream.concat(ofDatabases.stream(), ofFiles.stream()).toList(), service.continuousWal());
        }
        ways.sort(Comparator.comparing(way -> Objects.requireNonNullElse(way.lostSeconds(), Long.MAX_VALUE)));
        ways.add(new Way("mend-by-hand", damaged
                ? "Nothing more than is gone now; what is gone comes back only as far as you can mend it."
                : "Nothing.", damaged ? null : 0L));
        return ways;
    }

    private static void add(List<Way> ways, String strategy, List<Back> backs, boolean wal) {
        backs.stream().map(Back::ago).max(Comparator.naturalOrder()).ifPresent(most -> ways.add(new Way(strategy,
                "What was written since the newest backup without the damage: %s.%s".formatted(
                        backs.stream()
                                .map(back -> "%s since %s, %s ago".formatted(back.source(), back.backup(), Words.of(back.ago())))
                                .collect(Collectors.joining("; ")),
                        wal ? " Less where archived WAL reaches nearer to the damage." : ""),
                most.toSeconds())));
    }

    private List<Back> backs(List<SourceReport> reports) {
        return reports.stream()
                .map(SourceReport::source)
                .filter(source -> source.damaged() && source.lastGood() != null)
                .flatMap(source -> snapshot(Objects.requireNonNull(source.lastGood())).stream()
                        .map(at -> new Back(source.name(), source.lastGood(), Duration.between(at, now))))
                .toList();
    }

    private Optional<Instant> snapshot(String backup) {
        return backups.stream()
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.id().value().equals(backup))
                .map(manifest -> manifest.snapshotAt())
                .findFirst();
    }
}
