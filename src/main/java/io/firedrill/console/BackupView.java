package io.firedrill.console;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A backup as the API shows it; see docs/api.md.
 *
 * @param seconds from the start of taking it until it was whole in its first store; copies and checks come after
 */
public record BackupView(
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
        double seconds,
        String state,
        @Nullable HoldView hold,
        List<CopyView> stores,
        @Nullable Instant recoverableTo) {

    /** A legal hold. */
    public record HoldView(Instant at, String by, String reason) {}

    public record CopyView(String store, String state, @Nullable Instant checkedAt, String note) {}

    /** @param recoverableTo newest commit that a physical backup and the WAL after it reach; null for other kinds */
    public static BackupView of(CatalogEntry entry, @Nullable Instant recoverableTo) {
        Manifest manifest = entry.manifest();
        return new BackupView(
                manifest.id().value(),
                manifest.service(),
                manifest.source(),
                manifest.kind().word(),
                manifest.snapshotAt(),
                manifest.plainBytes(),
                manifest.storedBytes(),
                manifest.contents() == null ? 0 : manifest.contents().tables().size(),
                manifest.contents() == null ? 0 : manifest.contents().rows(),
                manifest.files() == null ? 0 : manifest.files().files(),
                Duration.between(manifest.startedAt(), manifest.finishedAt()).toMillis() / 1000.0,
                word(entry.state()),
                entry.hold().map(hold -> new HoldView(hold.at(), hold.by(), hold.reason())).orElse(null),
                entry.copies().stream()
                        .map(copy -> new CopyView(manifest.placeIn(copy.store()), word(copy.state()), copy.checkedAt(), copy.note()))
                        .toList(),
                recoverableTo);
    }

    private static String word(CatalogEntry.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
