package io.firedrill.console;

import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.store.BackupId;
import io.firedrill.tool.Progress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups read back whole because somebody asked for it. The verdict is in the catalogue afterwards. */
public final class BackupChecks {
    private static final Logger LOG = LoggerFactory.getLogger(BackupChecks.class);

    private final Catalog catalog;
    private final Backups backups;
    private final Set<String> going = ConcurrentHashMap.newKeySet();

    BackupChecks(Catalog catalog, Backups backups) {
        this.catalog = catalog;
        this.backups = backups;
    }

    /** Every copy, by store; the first one that fails is thrown. */
    public Map<String, BackupSummary> check(String id) {
        BackupId backup = new BackupId(id);
        CatalogEntry entry = catalog.find(backup).orElseThrow(() -> new Failure(
                        "unknown-backup", "There is no backup '%s'.".formatted(id), "Nothing was checked.",
                        "List them: firedrill backups")
                .lasting());
        Map<String, BackupSummary> checked = new LinkedHashMap<>();
        entry.copies().forEach(copy -> checked.put(entry.manifest().placeIn(copy.store()), backups.check(backup, copy.store(), Progress.NONE)));
        return checked;
    }

    /** Returns at once; asking again while one goes on starts no second one. */
    public void begin(String id) {
        if (going.add(id)) {
            Thread.ofVirtual().name("check-" + id).start(() -> {
                try {
                    check(id);
                } catch (RuntimeException e) {
                    LOG.warn("checking {}: {}", id, e.getMessage());
                } finally {
                    going.remove(id);
                }
            });
        }
    }

    public boolean goingOn(String id) {
        return going.contains(id);
    }
}
