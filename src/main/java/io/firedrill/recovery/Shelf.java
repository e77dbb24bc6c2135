package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.proof.Inventory;
import io.firedrill.proof.TreeListing;
import io.firedrill.store.BackupId;
import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.PgRestore;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One backup's copy in one store, opened for reading. */
final class Shelf {
    private static final Set<String> BAD_COPY = Set.of("corrupt-object", "truncated-object", "object-missing", "undecodable-dump");

    private final Store store;
    private final Keys keys;
    private final Manifest manifest;

    private Shelf(Store store, Keys keys, Manifest manifest) {
        this.store = store;
        this.keys = keys;
        this.manifest = manifest;
    }

    static Shelf open(Stores stores, Keys keys, String store, String backup) {
        Store from = stores.byName(store);
        return new Shelf(from, keys, Manifests.read(from, new BackupId(backup)));
    }

    static Shelf of(Store store, Keys keys, Manifest manifest) {
        return new Shelf(store, keys, manifest);
    }

    Manifest manifest() {
        return manifest;
    }

    Optional<Manifest.Part> part(String role) {
        return manifest.parts().stream().filter(part -> part.role().equals(role)).findFirst();
    }

    Manifest.Part need(String role) {
        return part(role).orElseThrow(() -> new Failure(
                        "incomplete-backup",
                        "Backup %s in store %s has no part '%s'.".formatted(manifest.id(), store.name(), role),
                        "It cannot be restored from this copy; nothing was changed.",
                        "Choose another backup.")
                .lasting());
    }

    /** Of all parts, as they lie in the store. */
    long storedBytes() {
        return manifest.parts().stream().mapToLong(Manifest.Part::storedBytes).sum();
    }

    /** Fails at its end, at the latest, unless every byte was right. */
    InputStream read(Manifest.Part part) {
        return SealedReader.open(store, part, keys);
    }

    /** Where the files lie as they are, when this store keeps them so. */
    Optional<Path> tree() {
        return store instanceof DirectoryStore directory
                ? part("folder").map(part -> directory.folder(part.key()))
                : Optional.empty();
    }

    /** Lasting failures {@code missing-tool}, {@code tools-too-old}: what this copy needs to be restored is not on this host. */
    void requireTools() {
        switch (manifest.kind()) {
            case LOGICAL -> PgRestore.requireFor(
                    Objects.requireNonNull(manifest.tools().get("pg_dump"), "a logical backup names its pg_dump"));
            case FILES -> Programs.find(tree().isPresent() ? "rsync" : "tar");
            case PHYSICAL -> throw new IllegalStateException("no physical backup is restored by this: " + manifest.id());
        }
    }

    Inventory inventory() {
        try (InputStream in = read(need("inventory"))) {
            return Inventory.read(in);
        } catch (IOException e) {
            throw unreadable("inventory", e);
        }
    }

    List<TreeListing.Entry> listing() {
        try (InputStream in = read(need("listing"))) {
            return TreeListing.read(in);
        } catch (IOException e) {
            throw unreadable("listing", e);
        }
    }

    private FailureException unreadable(String role, IOException e) {
        return new Failure(
                        "corrupt-object",
                        "The %s of backup %s in store %s cannot be read: %s.".formatted(role, manifest.id(), store.name(), e),
                        "This copy of the backup cannot be trusted; other copies and backups are unaffected.",
                        "Choose another backup, and look for faults of that store's disk or server.")
                .lasting(e);
    }

    /** A copy that turned out bad is said to be so, and another copy of the same backup can be chosen instead. */
    void quarantineIfBad(FailureException e, Catalog catalog, Clock clock) {
        // Archived WAL lies beside the backups: when that is bad, they are not.
        boolean own = manifest.parts().stream().anyMatch(part -> e.failure().what().contains(part.key()));
        if (BAD_COPY.contains(e.failure().code()) && (own || manifest.kind() != BackupKind.PHYSICAL)) {
            try {
                catalog.record(manifest, new CatalogEntry.Copy(
                        store.name(), CatalogEntry.State.QUARANTINED, clock.instant(), e.failure().what()));
            } catch (FailureException second) {
                // The first failure is what the person must see; that the copy is bad will be seen again.
                e.addSuppressed(second);
            }
        }
    }
}
