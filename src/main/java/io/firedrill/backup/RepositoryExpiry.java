package io.firedrill.backup;

import io.firedrill.backup.Backups.Fate;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Has the tools remove what their own retention does not keep. */
final class RepositoryExpiry {
    private final RecoveryPlan plan;
    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;

    RepositoryExpiry(RecoveryPlan plan, Stores stores, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** With {@code dryRun} all stay: what a tool would remove, it alone knows. */
    List<Fate> run(Service service, boolean dryRun) {
        List<CatalogEntry> before = foreign(service);
        List<Database> named = RepositorySync.named(service);
        if (!dryRun && !named.isEmpty()) {
            named.forEach(db -> new ForeignBackups(service.name(), db, clock).tool().expire());
            new RepositorySync(plan, stores, catalog, clock).one(service);
        }
        Set<BackupId> left = foreign(service).stream().map(entry -> entry.manifest().id()).collect(Collectors.toSet());
        return before.stream().map(entry -> fate(entry, left)).toList();
    }

    private List<CatalogEntry> foreign(Service service) {
        return catalog.list(service.name()).stream().filter(entry -> entry.manifest().repository() != null).toList();
    }

    private static Fate fate(CatalogEntry entry, Set<BackupId> left) {
        boolean removed = !left.contains(entry.manifest().id());
        String store = ForeignBackups.facts(entry.manifest()).store();
        return new Fate(entry.manifest().id(), removed, List.of(
                removed ? "no longer kept by the retention of " + store : "kept as the retention of " + store + " says"));
    }
}
