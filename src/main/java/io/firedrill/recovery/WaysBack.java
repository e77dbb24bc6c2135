package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.diagnosis.Evidence.Way;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Service;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Adds to what a diagnosis says of its ways back: for whoever confirms it. */
final class WaysBack {
    private static final Set<String> ALL_NEWER = Set.of("restore-databases", "restore-all");

    private final Service service;
    private final List<CatalogEntry> backups;
    private final Instant now;

    WaysBack(Service service, List<CatalogEntry> backups, Instant now) {
        this.service = service;
        this.backups = backups;
        this.now = now;
    }

    /** A damaged database, and its newest backup without the damage. */
    private record Back(String database, Manifest manifest) {}

    Evidence of(Evidence evidence) {
        List<Back> backs = evidence.databases().stream()
                .filter(source -> source.damaged() && !source.traces().isEmpty())
                .flatMap(source -> manifest(source).map(manifest -> new Back(source.name(), manifest)))
                .toList();
        if (backs.isEmpty()) {
            return evidence;
        }
        List<Way> ways = new ArrayList<>(evidence.ways().stream().map(way -> ALL_NEWER.contains(way.strategy()) ? counted(way, backs) : way).toList());
        ways.addFirst(new Way("restore-tables", "No newer row, and the service stays up. Of the damaged tables' lost rows: %s since the backup%s".formatted(
                backs.stream().map(back -> "what changed of %s in the %s".formatted(back.database(), age(back))).collect(Collectors.joining(", ")),
                service.continuousWal() ? ", less where archived WAL reaches nearer to the damage." : "."), 0L));
        return evidence.with(ways);
    }

    private Stream<Manifest> manifest(Evidence.Source source) {
        return backups.stream()
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.id().value().equals(source.lastGood()) && manifest.database() != null)
                .limit(1);
    }

    private Way counted(Way way, List<Back> backs) {
        return new Way(way.strategy(), "%s Newer rows: %s.".formatted(way.loses(), backs.stream()
                .map(back -> "%s in %s".formatted(written(back), back.database()))
                .collect(Collectors.joining(", "))), way.lostSeconds());
    }

    private String age(Back back) {
        Duration age = Duration.between(back.manifest().snapshotAt(), now);
        return Words.of(age.isNegative() ? Duration.ZERO : age);
    }

    /** In words. */
    private String written(Back back) {
        DatabaseFacts facts = Objects.requireNonNull(back.manifest().database());
        try {
            OptionalLong rows = MeasureLoss.writtenSince(service.database(back.database()), back.database(), facts.snapshotXmax());
            return rows.isPresent() ? String.format(Locale.ROOT, "%,d", rows.getAsLong()) : "not counted";
        } catch (FailureException e) {
            return "not counted";
        }
    }
}
