package io.firedrill.backup;

import io.firedrill.backup.Backups.Copy;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.store.BackupId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which copies are to be read back again: those checked longest ago first. */
final class Recheck {
    /** More than a run can read in its time; the next run goes on with the rest. */
    private static final int AT_MOST = 500;

    private final Catalog catalog;

    Recheck(Catalog catalog) {
        this.catalog = catalog;
    }

    private record Aged(Copy copy, Instant checkedAt) {}

    /** Copies last checked more than {@code every} ago or never; not quarantined ones, about which a person decides. */
    List<Copy> due(String service, Duration every, Instant now) {
        return catalog.list(service).stream()
                .flatMap(entry -> entry.copies().stream()
                        .filter(copy -> copy.state() != State.QUARANTINED)
                        .map(copy -> new Aged(new Copy(entry.manifest().id(), copy.store()), checkedAt(copy, now))))
                .filter(aged -> aged.checkedAt().plus(every).isBefore(now))
                .sorted(Comparator.comparing(Aged::checkedAt).thenComparing(aged -> aged.copy().backup().value()))
                .limit(AT_MOST)
                .map(Aged::copy)
                .toList();
    }

    /** A check dated in the future was made with a wrong clock: nobody knows when, so it counts as none. */
    private static Instant checkedAt(CatalogEntry.Copy copy, Instant now) {
        return Optional.ofNullable(copy.checkedAt())
                .filter(at -> !at.isAfter(now.plus(Retention.CLOCKS_APART)))
                .orElse(Instant.EPOCH);
    }

    /** Whether the catalogue still has this copy: a run that expires backups may have been faster. */
    boolean known(BackupId id, String store) {
        return catalog.find(id).stream()
                .flatMap(entry -> entry.copies().stream())
                .anyMatch(copy -> copy.store().equals(store));
    }
}
