package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes what no rule keeps, and what dead writers left. */
final class Expiry {
    /** Longer than any backup takes: something younger without a manifest may still be on its way. */
    private static final Duration ORPHAN_AFTER = Duration.ofDays(7);

    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;

    Expiry(Stores stores, Catalog catalog, Clock clock) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
    }

    private record Source(BackupKind kind, String name) {}

    Backups.Expired run(Service service, boolean dryRun) {
        List<CatalogEntry> all = catalog.list(service.name());
        Set<BackupId> kept = new HashSet<>();
        Map<Source, List<CatalogEntry>> bySource = all.stream()
                .collect(Collectors.groupingBy(e -> new Source(e.manifest().kind(), e.manifest().source())));
        bySource.forEach((source, entries) -> {
            List<Retention.Held> held = entries.stream().map(Expiry::held).toList();
            rules(service, source.kind()).forEach(keep -> kept.addAll(Retention.kept(held, keep)));
        });
        List<CatalogEntry> goes = all.stream().filter(e -> !kept.contains(e.manifest().id())).toList();
        if (!dryRun) {
            goes.forEach(this::remove);
            stores.all().forEach(store -> removeOrphans(store, service.name()));
        }
        return new Backups.Expired(goes.stream().map(e -> e.manifest().id()).toList(), all.size() - goes.size());
    }

    private static Retention.Held held(CatalogEntry entry) {
        return new Retention.Held(entry.manifest().id(), entry.manifest().snapshotAt(), entry.state());
    }

    /** What any of several entries of a kind keeps, stays. */
    private static List<Keep> rules(Service service, BackupKind kind) {
        List<Keep> rules = service.backups().stream()
                .filter(entry -> entry.kind() == kind)
                .map(BackupEntry::keep)
                .toList();
        return rules.isEmpty() ? List.of(Keep.DEFAULT) : rules;
    }

    private void remove(CatalogEntry entry) {
        for (CatalogEntry.Copy copy : entry.copies()) {
            Store store = stores.byName(copy.store());
            Manifests.find(store, entry.manifest().id()).ifPresent(manifest -> remove(store, manifest));
            catalog.forget(entry.manifest().id(), copy.store());
        }
    }

    /** The manifest first: from then on there is no backup, and what is left of it is an orphan at worst. */
    private static void remove(Store store, Manifest manifest) {
        Manifests.delete(store, manifest);
        store.list(Keyspace.prefix(manifest.service(), manifest.id())).forEach(object -> store.delete(object.key()));
    }

    private void removeOrphans(Store store, String service) {
        Instant before = clock.instant().minus(ORPHAN_AFTER);
        store.removeUnfinished(before);
        List<String> keys = store.list(service + "/").stream().map(Store.StoredObject::key).toList();
        Set<String> backups = keys.stream().filter(Keyspace::isManifest).map(Expiry::folder).collect(Collectors.toSet());
        for (String key : keys) {
            boolean orphan = !backups.contains(folder(key)) && !elsewhere(key);
            if (orphan && Keyspace.began(key).filter(began -> began.isBefore(before)).isPresent()) {
                store.delete(key);
            }
        }
    }

    /** Copying an old backup to a new store takes over its old parts: orphans only when no store knows the backup. */
    private boolean elsewhere(String key) {
        String id = folder(key).replaceFirst(".*/", "");
        return catalog.find(new BackupId(id)).isPresent();
    }

    private static String folder(String key) {
        return key.substring(0, key.lastIndexOf('/'));
    }
}
