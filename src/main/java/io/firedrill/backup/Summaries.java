package io.firedrill.backup;

import io.firedrill.store.Manifest;
import java.time.Duration;

/** What a manifest says, in short. */
final class Summaries {
    private Summaries() {}

    static BackupSummary of(Manifest manifest) {
        var contents = manifest.contents();
        var files = manifest.files();
        return new BackupSummary(
                manifest.id(),
                manifest.kind().word(),
                manifest.source(),
                manifest.snapshotAt(),
                manifest.plainBytes(),
                manifest.storedBytes(),
                Duration.between(manifest.startedAt(), manifest.finishedAt()).toMillis() / 1000.0,
                contents == null ? 0 : contents.tables().size(),
                contents == null ? 0 : contents.rows(),
                files == null ? 0 : files.files(),
                manifest.repository() == null ? null : manifest.repository().store());
    }
}
