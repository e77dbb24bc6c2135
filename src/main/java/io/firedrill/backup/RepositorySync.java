package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.PhysicalTool.Held;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds the catalogue against what the repositories of other tools have: notes what is new there, whoever took it, and
 * forgets what is gone. A repository is never changed by it. May run several times at once.
 */
final class RepositorySync {
    private final RecoveryPlan plan;
    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;

    RepositorySync(RecoveryPlan plan, Stores stores, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** Whether the plan names any. */
    static boolean needed(RecoveryPlan plan) {
        return plan.services().values().stream().anyMatch(service -> !named(service).isEmpty());
    }

    static List<Database> named(Service service) {
        return service.servers().stream().filter(db -> db.repository().isPresent()).toList();
    }

    /** All of the plan's; one that fails does not keep the others back, and keeps what is known of it. */
    void all() {
        List<FailureException> troubles = new ArrayList<>();
        for (Service service : plan.services().values()) {
            try {
                one(service);
            } catch (FailureException e) {
                troubles.add(e);
            }
        }
        if (!troubles.isEmpty()) {
            throw troubles.getFirst();
        }
    }

    void one(Service service) {
        List<FailureException> troubles = new ArrayList<>();
        List<CatalogEntry> known = catalog.list(service.name()).stream()
                .filter(entry -> entry.manifest().repository() != null)
                .toList();
        Set<String> named = new HashSet<>();
        for (Database db : named(service)) {
            ForeignBackups foreign = new ForeignBackups(service.name(), db, clock);
            named.add(place(foreign.source(), foreign.store()));
            try {
                compare(foreign, known.stream().filter(entry -> place(entry).equals(place(foreign.source(), foreign.store()))).toList());
            } catch (FailureException e) {
                troubles.add(e);
            }
        }
        known.stream().filter(entry -> !named.contains(place(entry))).forEach(this::forget);
        if (!troubles.isEmpty()) {
            throw troubles.getFirst();
        }
    }

    private static String place(CatalogEntry entry) {
        return place(entry.manifest().source(), ForeignBackups.facts(entry.manifest()).store());
    }

    private static String place(String source, String store) {
        return source + " " + store;
    }

    private void compare(ForeignBackups foreign, List<CatalogEntry> known) {
        List<Held> there = foreign.whole();
        Map<String, CatalogEntry> byLabel = known.stream().collect(Collectors.toMap(
                entry -> ForeignBackups.facts(entry.manifest()).label(), Function.identity(), (first, second) -> first));
        Set<BackupId> ids = known.stream().map(entry -> entry.manifest().id()).collect(Collectors.toCollection(HashSet::new));
        for (Held held : there) {
            if (!byLabel.containsKey(held.label())) {
                BackupId id = ids.contains(foreign.id(held)) ? foreign.idOfLabel(held) : foreign.id(held);
                ids.add(id);
                note(foreign.manifest(id, held), held.good());
            }
        }
        Set<String> labels = there.stream().map(Held::label).collect(Collectors.toSet());
        known.stream()
                .filter(entry -> !labels.contains(ForeignBackups.facts(entry.manifest()).label()))
                .forEach(this::forget);
    }

    private void note(Manifest manifest, boolean good) {
        Store store = stores.primary();
        write(store, manifest);
        catalog.record(manifest, good
                ? new Copy(store.name(), CatalogEntry.State.UNCHECKED, null, "")
                : new Copy(store.name(), CatalogEntry.State.QUARANTINED, clock.instant(), "the tool found damaged pages when it took it"));
    }

    /** Written already: by another server, or by the run that took the backup. */
    static void write(Store store, Manifest manifest) {
        try {
            Manifests.write(store, manifest);
        } catch (FailureException e) {
            if (!e.failure().code().equals("object-exists")) {
                throw e;
            }
        }
    }

    /** A note that its store has locked cannot go yet; it must never be chosen, though. */
    private void forget(CatalogEntry entry) {
        for (Copy copy : entry.copies()) {
            String obstacle = new Removal(stores, catalog, clock).remove(entry, copy.store(), false);
            if (obstacle != null && copy.state() != CatalogEntry.State.QUARANTINED) {
                catalog.record(entry.manifest(), new Copy(
                        copy.store(), CatalogEntry.State.QUARANTINED, clock.instant(),
                        "%s no longer has it".formatted(ForeignBackups.facts(entry.manifest()).store())));
            }
        }
    }
}
