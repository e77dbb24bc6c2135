package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.ChainLocks;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StorePlan;
import io.firedrill.plan.UnknownName;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backups in the plan's stores. */
public final class StoredBackups implements Backups {
    private static final Set<String> KINDS = Set.of("logical", "physical", "files", "all");

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
        Set<BackupId> taken = catalog.list(service).stream().map(e -> e.manifest().id()).collect(Collectors.toSet());
        return new BackupSet(
                wanted(planned, kind, BackupKind.LOGICAL) ? items(service, BackupKind.LOGICAL, planned.databases().keySet(), now, taken) : List.of(),
                wanted(planned, kind, BackupKind.PHYSICAL) ? items(service, BackupKind.PHYSICAL, servers(planned), now, taken) : List.of(),
                wanted(planned, kind, BackupKind.FILES) ? items(service, BackupKind.FILES, planned.fileSets().keySet(), now, taken) : List.of(),
                plan.offsiteStores().stream().map(StorePlan::name).toList());
    }

    /** {@code all} is what the plan lists; one that lists nothing means the kinds that need no more than a role that reads. */
    private static boolean wanted(Service service, String asked, BackupKind kind) {
        if (!asked.equals("all")) {
            return asked.equals(kind.word());
        }
        return service.backups().isEmpty()
                ? kind != BackupKind.PHYSICAL
                : service.backups().stream().anyMatch(entry -> entry.kind() == kind);
    }

    private static List<String> servers(Service service) {
        return service.servers().stream().map(Database::name).toList();
    }

    private static List<BackupSet.Item> items(String service, BackupKind kind, Collection<String> names, Instant now, Set<BackupId> taken) {
        return names.stream()
                .map(name -> new BackupSet.Item(name, free(service, name, kind, now, taken)))
                .toList();
    }

    /** An id that is not given away: with the clock set back, this second may have had its backup. */
    private static BackupId free(String service, String name, BackupKind kind, Instant now, Set<BackupId> taken) {
        return Stream.iterate(now, at -> at.plusSeconds(1))
                .map(at -> BackupId.of(service, name, kind.word(), at))
                .filter(id -> !taken.contains(id))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public BackupSummary dumpDatabase(String service, String database, BackupId id, Progress progress) {
        var db = plan.service(service).database(database);
        return once(id, () -> new DatabaseBackup(stores.primary(), keys, clock).take(service, db, id, progress));
    }

    @Override
    public BackupSummary baseBackup(String service, String database, BackupId id, Progress progress) {
        var db = plan.service(service).database(database);
        if (db.repository().isPresent()) {
            return once(id, () -> noted(new ForeignBackups(service, db, clock).take(id)));
        }
        return once(id, () -> {
            Manifest full = new FullBackups(catalog, keys).newest(service, database, stores.primary().name(), clock.instant()).orElse(null);
            Manifest taken = new ServerBackup(stores.primary(), keys, clock).take(service, db, id, full, progress);
            lockChain(stores.primary(), taken);
            return taken;
        });
    }

    /** What it needs stays locked as long as it does. */
    private void lockChain(Store store, Manifest manifest) {
        if (!manifest.needs().isEmpty()) {
            new ChainLocks(store, new WalSource(manifest.service(), manifest.source()), clock.instant()).extend();
        }
    }

    @Override
    public BackupSummary syncFiles(String service, String fileSet, BackupId id, Progress progress) {
        var source = plan.service(service).fileSet(fileSet);
        var files = new FilesBackup(stores.primary(), keys, clock, this::trusted);
        return once(id, () -> files.take(service, source, id, progress));
    }

    private Manifest noted(Manifest manifest) {
        RepositorySync.write(stores.primary(), manifest);
        return manifest;
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
            if (manifest.repository() != null) {
                ForeignBackups.of(plan, manifest, clock).check(manifest);
            } else {
                new BackupCheck(store, keys).run(manifest, progress);
            }
        } catch (FailureException e) {
            if (BackupCheck.damage(e)) {
                record(manifest, store, State.QUARANTINED, clock.instant(), e.failure().what());
            }
            throw e;
        }
        record(manifest, store, State.VERIFIED, clock.instant(), "");
        return Summaries.of(manifest);
    }

    /**
     * Ends with reading the copy back, so that it counts as verified without trusting the network or the other store. What
     * another tool keeps is copied by that tool.
     */
    @Override
    public BackupSummary copyOffsite(BackupId id, String storeName, Progress progress) {
        Store to = stores.byName(storeName);
        Store from = stores.primary();
        Optional<Manifest> elsewhere = Manifests.find(from, id).filter(manifest -> manifest.repository() != null);
        if (elsewhere.isPresent()) {
            return Summaries.of(elsewhere.get());
        }
        // Without those it builds upon a copy would be worth nothing.
        Manifests.find(from, id).map(Manifest::needs).orElse(List.of()).stream()
                .filter(needed -> Manifests.find(to, needed).isEmpty())
                .forEach(needed -> copyOffsite(needed, storeName, progress));
        Manifest copy = Manifests.find(to, id)
                .orElseGet(() -> new OffsiteCopy(from, to, keys, clock).run(Manifests.read(from, id), progress));
        lockChain(to, copy);
        recordIfNew(copy, to);
        return check(id, storeName, progress);
    }

    @Override
    public Expired expire(String service, boolean dryRun) {
        Service planned = plan.service(service);
        List<BackupId> newestFirst = catalog.list(service).stream().map(entry -> entry.manifest().id()).toList();
        Expired ours = new Expiry(stores, catalog, clock).run(planned, dryRun);
        List<Fate> foreign = new RepositoryExpiry(plan, stores, catalog, clock).run(planned, dryRun);
        return Expired.of(Stream.concat(ours.fates().stream(), foreign.stream())
                .sorted(Comparator.comparingInt(fate -> newestFirst.indexOf(fate.backup())))
                .toList());
    }

    @Override
    public List<Copy> dueForCheck(String service) {
        return new Recheck(catalog).due(service, plan.service(service).recheck().every(), clock.instant());
    }

    @Override
    public Rechecked recheck(BackupId id, String storeName, Progress progress) {
        try {
            check(id, storeName, progress);
            return new Rechecked("good", "");
        } catch (FailureException e) {
            if (e.failure().code().equals("no-such-backup")) {
                return notThere(id, storeName);
            }
            if (BackupCheck.damage(e)) {
                return new Rechecked("damaged", e.failure().what());
            }
            throw e;
        }
    }

    private Rechecked notThere(BackupId id, String storeName) {
        if (!new Recheck(catalog).known(id, storeName)) {
            return new Rechecked("good", "expired meanwhile");
        }
        catalog.forget(id, storeName);
        return new Rechecked("gone", "its manifest is not in the store any more, and no run removed it");
    }

    @Override
    public void hold(BackupId id, boolean held, String by, String reason) {
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        new LegalHold(catalog).say(id, new Hold(held, at, by, reason.strip()));
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
