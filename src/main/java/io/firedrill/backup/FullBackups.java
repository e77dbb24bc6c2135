package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** Which full base backup an incremental one may build upon. */
final class FullBackups {
    /** Every week's backup shall be a full one, though a schedule's runs are never exactly as far apart. */
    static final Duration AGAIN_AFTER = Duration.ofDays(6).plusHours(12);

    private final Catalog catalog;
    private final Keys keys;

    FullBackups(Catalog catalog, Keys keys) {
        this.catalog = catalog;
        this.keys = keys;
    }

    /** The newest that a check read back whole from that store, can be opened, and is not too old. */
    Optional<Manifest> newest(String service, String source, String store, Instant now) {
        return catalog.list(service).stream()
                .filter(entry -> good(entry, store))
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.kind() == BackupKind.PHYSICAL && manifest.source().equals(source))
                .filter(manifest -> manifest.cluster() != null && manifest.needs().isEmpty())
                .filter(manifest -> manifest.parts().stream().anyMatch(part -> part.role().equals(ServerBackup.BLOCKS)))
                .filter(manifest -> manifest.recipients().isEmpty() || keys.encrypting())
                .filter(manifest -> !manifest.snapshotAt().isAfter(now) && manifest.snapshotAt().isAfter(now.minus(AGAIN_AFTER)))
                .max(Comparator.comparing(Manifest::snapshotAt));
    }

    private static boolean good(CatalogEntry entry, String store) {
        return entry.copies().stream().anyMatch(copy -> copy.store().equals(store) && copy.state() == State.VERIFIED);
    }
}
