package io.firedrill.catalog;

import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.store.Manifest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** How entries are put together. */
final class CatalogEntries {
    private CatalogEntries() {}

    /** A backup is as good as its best copy: one bad disk does not condemn the copy elsewhere. */
    static CatalogEntry of(Manifest manifest, List<Copy> copies) {
        return new CatalogEntry(manifest, List.copyOf(copies), best(copies));
    }

    private static State best(List<Copy> copies) {
        if (copies.stream().anyMatch(copy -> copy.state() == State.VERIFIED)) {
            return State.VERIFIED;
        }
        return copies.stream().anyMatch(copy -> copy.state() == State.UNCHECKED) ? State.UNCHECKED : State.QUARANTINED;
    }

    static List<CatalogEntry> newestFirst(Collection<CatalogEntry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing((CatalogEntry entry) -> entry.manifest().snapshotAt())
                        .reversed()
                        .thenComparing(entry -> entry.manifest().id().value()))
                .toList();
    }
}
