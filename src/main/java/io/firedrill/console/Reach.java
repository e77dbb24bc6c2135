package io.firedrill.console;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.RecoverableRange;
import io.firedrill.physical.RecoverableRanges;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How far each physical backup reaches with the WAL in the primary store. */
final class Reach {
    private final Stores stores;
    private final Keys keys;

    Reach(Stores stores, Keys keys) {
        this.stores = stores;
        this.keys = keys;
    }

    /** By backup id; a store that does not answer leaves its backups out. */
    Map<String, Instant> of(List<CatalogEntry> entries) {
        Map<String, Instant> reached = new HashMap<>();
        ranges(entries).forEach(range -> reached.merge(range.base().id().value(), range.to(), (a, b) -> a.isAfter(b) ? a : b));
        return reached;
    }

    /** Every stretch of time that can be brought back, of all the physical backups among these. */
    List<RecoverableRange> ranges(List<CatalogEntry> entries) {
        return bySource(entries).entrySet().stream().flatMap(one -> of(one.getKey(), one.getValue()).stream()).toList();
    }

    private static Map<WalSource, List<Manifest>> bySource(List<CatalogEntry> entries) {
        return entries.stream()
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.kind() == BackupKind.PHYSICAL)
                .collect(Collectors.groupingBy(manifest -> new WalSource(manifest.service(), manifest.source())));
    }

    private List<RecoverableRange> of(WalSource source, List<Manifest> manifests) {
        Store store = stores.primary();
        try {
            return RecoverableRanges.of(store, keys, source, manifests);
        } catch (FailureException e) {
            return List.of();
        }
    }
}
