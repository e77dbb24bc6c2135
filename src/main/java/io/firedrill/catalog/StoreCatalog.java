package io.firedrill.catalog;

import io.firedrill.failure.FailureException;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Holds;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.StoredBackup;
import io.firedrill.store.Stores;
import io.firedrill.store.Verdict;
import io.firedrill.store.Verdicts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stores themselves tell: slow, and always true. A store that does not answer is left out as long as another
 * one does, because a lost store is when this is needed most.
 */
public final class StoreCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(StoreCatalog.class);

    private final Stores stores;

    public StoreCatalog(Stores stores) {
        this.stores = stores;
    }

    /** What was found, and the names of the stores that answered. */
    record Scan(List<CatalogEntry> entries, Set<String> answered) {}

    @Override
    public List<CatalogEntry> list(@Nullable String service) {
        return scan(service).entries();
    }

    Scan scan(@Nullable String service) {
        Map<BackupId, CatalogEntry> found = new LinkedHashMap<>();
        Set<String> answered = new TreeSet<>();
        FailureException silent = null;
        for (Store store : stores.all()) {
            try {
                Manifests.scan(store, service).forEach(backup -> add(found, store, backup));
                answered.add(store.name());
            } catch (FailureException e) {
                LOG.warn("Store {} is left out: {}", store.name(), e.failure());
                silent = e;
            }
        }
        if (answered.isEmpty() && silent != null) {
            throw silent;
        }
        return new Scan(CatalogEntries.newestFirst(found.values()), answered);
    }

    private static void add(Map<BackupId, CatalogEntry> found, Store store, StoredBackup backup) {
        CatalogEntry.Copy copy = copy(store, backup);
        CatalogEntry known = found.get(backup.manifest().id());
        List<CatalogEntry.Copy> copies = new ArrayList<>(known == null ? List.of() : known.copies());
        copies.add(copy);
        Manifest manifest = known == null ? backup.manifest() : known.manifest();
        found.put(manifest.id(), CatalogEntries.of(manifest, copies));
    }

    private static CatalogEntry.Copy copy(Store store, StoredBackup backup) {
        @Nullable Hold hold = backup.hold().orElse(null);
        return backup.verdict()
                .map(verdict -> new CatalogEntry.Copy(
                        store.name(),
                        verdict.good() ? CatalogEntry.State.VERIFIED : CatalogEntry.State.QUARANTINED,
                        verdict.at(),
                        verdict.note(),
                        hold))
                .orElseGet(() -> new CatalogEntry.Copy(store.name(), CatalogEntry.State.UNCHECKED, null, "", hold));
    }

    @Override
    public Optional<CatalogEntry> find(BackupId id) {
        return list(null).stream().filter(entry -> entry.manifest().id().equals(id)).findFirst();
    }

    /** Says it in the store itself; an unchecked copy is told by its manifest already. */
    @Override
    public void record(Manifest manifest, CatalogEntry.Copy copy) {
        if (copy.state() != CatalogEntry.State.UNCHECKED && copy.checkedAt() != null) {
            boolean good = copy.state() == CatalogEntry.State.VERIFIED;
            Verdicts.write(stores.byName(copy.store()), manifest, new Verdict(good, copy.checkedAt(), copy.note()));
        }
    }

    @Override
    public void hold(Manifest manifest, String store, Hold hold) {
        Holds.write(stores.byName(store), manifest, hold);
    }

    /** Nothing to do: whoever removed the copy removed all there was to know of it. */
    @Override
    public void forget(BackupId id, String store) {}

    @Override
    public int rescan() {
        return list(null).size();
    }
}
