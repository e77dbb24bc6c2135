package io.firedrill.catalog;

import io.firedrill.store.BackupId;
import java.util.List;
import java.util.Optional;

/**
 * What backups exist. Backed by the state database while that answers; when it does not, reads come straight from the
 * stores' manifests, so that recovery never depends on it.
 */
public interface Catalog {
    /** Newest first; {@code service} null for all. */
    List<CatalogEntry> list(@org.jspecify.annotations.Nullable String service);

    Optional<CatalogEntry> find(BackupId id);

    /** Adds or replaces what is known of one copy; its legal hold stays as it is. */
    void record(io.firedrill.store.Manifest manifest, CatalogEntry.Copy copy);

    /** Holds the copy, or releases it; what is known of its checks stays. */
    void hold(io.firedrill.store.Manifest manifest, String store, io.firedrill.store.Hold hold);

    /** Forgets the copy; the last copy's going forgets the backup. */
    void forget(BackupId id, String store);

    /** Rebuilds everything from the stores' manifests. Check results of copies that still exist are kept. Returns how many backups there are. */
    int rescan();
}
