package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What writers that died left in a store: parts of a backup that no store has a manifest of. */
final class Orphans {
    private final Store store;
    private final Catalog catalog;

    Orphans(Store store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /** Removes those whose attempt began before that moment. */
    void remove(String service, Instant before) {
        store.removeUnfinished(before);
        List<String> keys = store.list(service + "/").stream().map(Store.StoredObject::key).toList();
        Set<String> backups = keys.stream().filter(Keyspace::isManifest).map(Orphans::folder).collect(Collectors.toSet());
        for (String key : keys) {
            boolean old = Keyspace.began(key).filter(began -> began.isBefore(before)).isPresent();
            if (old && !backups.contains(folder(key)) && !elsewhere(key)) {
                Removal.unlocked(() -> store.delete(key));
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
