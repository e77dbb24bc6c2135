package io.firedrill.console;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.store.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A backup as the API shows it; see docs/api.md. */
record BackupView(
        String id,
        String service,
        String source,
        String kind,
        Instant snapshotAt,
        long bytes,
        long storedBytes,
        long tables,
        long rows,
        long files,
        String state,
        List<CopyView> stores) {

    record CopyView(String store, String state, @Nullable Instant checkedAt, String note) {}

    static BackupView of(CatalogEntry entry) {
        Manifest manifest = entry.manifest();
        return new BackupView(
                manifest.id().value(),
                manifest.service(),
                manifest.source(),
                manifest.kind().word(),
                manifest.snapshotAt(),
                manifest.files() != null
                        ? manifest.files().bytes()
                        : manifest.parts().stream().mapToLong(Manifest.Part::plainBytes).sum(),
                manifest.parts().stream().mapToLong(Manifest.Part::storedBytes).sum(),
                manifest.contents() == null ? 0 : manifest.contents().tables().size(),
                manifest.contents() == null ? 0 : manifest.contents().rows(),
                manifest.files() == null ? 0 : manifest.files().files(),
                word(entry.state()),
                entry.copies().stream()
                        .map(copy -> new CopyView(copy.store(), word(copy.state()), copy.checkedAt(), copy.note()))
                        .toList());
    }

    private static String word(CatalogEntry.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
