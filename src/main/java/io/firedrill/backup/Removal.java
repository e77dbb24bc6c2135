package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.store.Hold;
import io.firedrill.store.Holds;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Removes one store's copy of a backup, as far as that store lets it go. */
final class Removal {
    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;

    Removal(Stores stores, Catalog catalog, Clock clock) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** What the store says of a legal hold that the catalogue does not know of, in words; null when nothing holds it. */
    @Nullable String heldIn(CatalogEntry entry, String storeName) {
        Optional<Hold> hold = Holds.find(stores.byName(storeName), entry.manifest()).filter(Hold::held);
        return hold.map(Expiry::inWords).orElse(null);
    }

    /**
     * The manifest goes first: from then on there is no backup, and what is left of it is an orphan at worst.
     *
     * @return what keeps the copy, in words; null when it is gone, or with {@code dryRun} would be
     */
    @Nullable String remove(CatalogEntry entry, String storeName, boolean dryRun) {
        Store store = stores.byName(storeName);
        Optional<Manifest> manifest = Manifests.find(store, entry.manifest().id());
        @Nullable String locked = manifest.map(found -> locked(store, found)).orElse(null);
        if (locked != null || dryRun) {
            return locked;
        }
        if (manifest.isPresent() && !unlocked(() -> Manifests.delete(store, manifest.get()))) {
            return "locked";
        }
        catalog.forget(entry.manifest().id(), storeName);
        manifest.ifPresent(found -> store.list(Keyspace.prefix(found.service(), found.id()))
                .forEach(object -> unlocked(() -> store.delete(object.key()))));
        return null;
    }

    /** Asked before anything goes: in a bucket with versions a removal may seem to work and leave what is locked behind. */
    private @Nullable String locked(Store store, Manifest manifest) {
        List<String> keys = store.list(Keyspace.prefix(manifest.service(), manifest.id())).stream()
                .map(Store.StoredObject::key)
                .toList();
        return keys.stream()
                .flatMap(key -> store.lockedUntil(key).stream())
                .filter(clock.instant()::isBefore)
                .max(Comparator.<Instant>naturalOrder())
                .map(until -> "locked until " + until)
                .orElse(null);
    }

    /** False when the store refuses because of a lock: that ends by itself, and so is no failure. */
    static boolean unlocked(Runnable removal) {
        try {
            removal.run();
            return true;
        } catch (FailureException e) {
            if (e.failure().code().equals("object-locked")) {
                return false;
            }
            throw e;
        }
    }
}
