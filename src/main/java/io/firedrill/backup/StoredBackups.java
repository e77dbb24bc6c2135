package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StorePlan;
import io.firedrill.plan.UnknownName;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Backups in the plan's stores. */
public final class StoredBackups implements Backups {
    private static final Set<String> KINDS = Set.of("logical", "files", "all");

    private final RecoveryPlan plan;
    private final Stores stores;
    private final Keys keys;
    private final Catalog catalog;
    private final Clock clock;

    public StoredBackups(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.keys = keys;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public BackupSet plan(String service, String kind, Instant now) {
        if (!KINDS.contains(kind)) {
            throw UnknownName.failure("kind of backup", kind, KINDS.stream().sorted().toList()).lasting();
        }
        Service planned = plan.service(service);
        return new BackupSet(
                kind.equals("files") ? List.of() : items(service, BackupKind.LOGICAL, planned.databases().keySet(), now),
                kind.equals("logical") ? List.of() : items(service, BackupKind.FILES, planned.fileSets().keySet(), now),
                plan.offsiteStores().stream().map(StorePlan::name).toList());
    }

    private static List<BackupSet.Item> items(String service, BackupKind kind, Collection<String> names, Instant now) {
        return names.stream()
                .map(name -> new BackupSet.Item(name, BackupId.of(service, name, kind.word(), now)))
                .toList();
    }

    @Override
    public BackupSummary dumpDatabase(String service, String database, BackupId id, Progress progress) {
        var db = plan.service(service).database(database);
        return once(id, () -> new DatabaseBackup(stores.primary(), keys, clock).take(service, db, id, progress));
    }

    @Override
    public BackupSummary syncFiles(String service, String fileSet, BackupId id, Progress progress) {
        var source = plan.service(service).fileSet(fileSet);
        var files = new FilesBackup(stores.primary(), keys, clock, this::trusted);
        return once(id, () -> files.take(service, source, id, progress));
    }

    private boolean trusted(BackupId id) {
        return catalog.find(id).stream()
                .flatMap(entry -> entry.copies().stream())
                .noneMatch(copy -> copy.store().equals(stores.primary().name()) && copy.state() == State.QUARANTINED);
    }

    private BackupSummary once(BackupId id, Supplier<Manifest> take) {
        Manifest manifest = Manifests.find(stores.primary(), id).orElseGet(take);
        recordIfNew(manifest, stores.primary());
        return Summaries.of(manifest);
    }

    @Override
    public BackupSummary check(BackupId id, String storeName, Progress progress) {
        Store store = stores.byName(storeName);
        Manifest manifest = Manifests.read(store, id);
        try {
            new BackupCheck(store, keys).run(manifest, progress);
        } catch (FailureException e) {
            if (BackupCheck.damage(e)) {
                record(manifest, store, State.QUARANTINED, clock.instant(), e.failure().what());
            }
            throw e;
        }
        record(manifest, store, State.VERIFIED, clock.instant(), "");
        return Summaries.of(manifest);
    }

    /** Ends with reading the copy back, so that it counts as verified without trusting the network or the other store. */
    @Override
    public BackupSummary copyOffsite(BackupId id, String storeName, Progress progress) {
        Store to = stores.byName(storeName);
        Store from = stores.primary();
        Manifest copy = Manifests.find(to, id)
                .orElseGet(() -> new OffsiteCopy(from, to, keys, clock).run(Manifests.read(from, id), progress));
        recordIfNew(copy, to);
        return check(id, storeName, progress);
    }

    @Override
    public Expired expire(String service, boolean dryRun) {
        return new Expiry(stores, catalog, clock).run(plan.service(service), dryRun);
    }

    private void recordIfNew(Manifest manifest, Store store) {
        boolean known = catalog.find(manifest.id()).stream()
                .flatMap(entry -> entry.copies().stream())
                .anyMatch(copy -> copy.store().equals(store.name()));
        if (!known) {
            record(manifest, store, State.UNCHECKED, null, "");
        }
    }

    private void record(Manifest manifest, Store store, State state, @Nullable Instant checkedAt, String note) {
        catalog.record(manifest, new CatalogEntry.Copy(store.name(), state, checkedAt, note));
    }
}
