package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StorePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a restore goes and which copies it may come from.
 *
 * @param stores names in the order they are asked
 * @param offsite whether they are the offsite stores alone
 * @param scratch null: the service's own servers and folders
 */
record Place(Service service, List<String> stores, boolean offsite, @Nullable Scratch scratch) {

    /** Beside the damaged original; the primary store is nearest. */
    static Place live(RecoveryPlan plan, String service) {
        return new Place(plan.service(service), List.copyOf(plan.stores().keySet()), false, null);
    }

    /** As after the loss of a site: what lies offsite must do, where the plan has an offsite store. */
    static Place scratch(RecoveryPlan plan, String service, Scratch scratch) {
        List<String> offsite = plan.offsiteStores().stream().map(StorePlan::name).toList();
        return offsite.isEmpty()
                ? new Place(plan.service(service), List.of(plan.primaryStore().name()), false, scratch)
                : new Place(plan.service(service), offsite, true, scratch);
    }

    Database database(String name) {
        Database planned = service.database(name);
        return scratch == null ? planned : scratch.database(name, planned.dbname());
    }

    Path path(String fileSet) {
        Path planned = service.fileSet(fileSet).path();
        return scratch == null ? planned : scratch.path(fileSet);
    }

    /** The store to read a backup from: the first that has a copy which a check read back whole. */
    Optional<String> store(CatalogEntry entry) {
        return stores.stream()
                .filter(store -> entry.copies().stream()
                        .anyMatch(copy -> copy.store().equals(store) && copy.state() == CatalogEntry.State.VERIFIED))
                .findFirst();
    }
}
