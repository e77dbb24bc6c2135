package io.firedrill.console;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalogue as pages and API show it, with how far the WAL after each base backup reaches. */
public final class BackupViews {
    private final Catalog catalog;
    private final Reach reach;

    BackupViews(Catalog catalog, Stores stores, Keys keys) {
        this.catalog = catalog;
        this.reach = new Reach(stores, keys);
    }

    /** Newest first; {@code service} null: of all. */
    public List<BackupView> list(@Nullable String service) {
        return of(catalog.list(service));
    }

    /**
     * The moments that one base backup and the WAL after it bring back.
     *
     * @param gap which WAL is missing after it; empty when none is
     */
    public record RangeView(String source, String backup, int timeline, Instant from, Instant to, String gap) {}

    /** Of a service, newest base backup first within each source. */
    public List<RangeView> ranges(String service) {
        return reach.ranges(catalog.list(service)).stream()
                .map(range -> new RangeView(range.base().source(), range.base().id().value(), range.timeline(), range.from(),
                        range.to(), range.gap()))
                .toList();
    }

    public Optional<BackupView> find(BackupId id) {
        return catalog.find(id).flatMap(entry -> of(List.of(entry)).stream().findFirst());
    }

    private List<BackupView> of(List<CatalogEntry> entries) {
        Map<String, Instant> reached = reach.of(entries);
        return entries.stream()
                .map(entry -> BackupView.of(entry, reached.get(entry.manifest().id().value())))
                .toList();
    }
}
