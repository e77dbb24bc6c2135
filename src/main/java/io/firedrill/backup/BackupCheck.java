package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.Measure;
import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import io.firedrill.tool.Command;
import io.firedrill.tool.Copying;
import io.firedrill.tool.PgRestore;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Tar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/** Reads one store's copy of a backup back: every digest, every byte decrypted and decoded. */
final class BackupCheck {
    /** Failures that are the backup's own fault, as opposed to a lost network or a missing key. */
    private static final Set<String> DAMAGE = Set.of(
            "corrupt-object", "truncated-object", "object-missing", "undecodable-dump", "partial-dump", "files-differ",
            "undecodable-tar");

    private final Store store;
    private final Keys keys;

    BackupCheck(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    static boolean damage(FailureException e) {
        return DAMAGE.contains(e.failure().code());
    }

    void run(Manifest manifest, Progress progress) {
        for (Manifest.Part part : manifest.parts()) {
            switch (part.role()) {
                case "dump" -> dump(manifest, part, progress);
                case "folder" -> folder(manifest, part, progress);
                case "tree" -> Tar.decode(opened(part, progress));
                default -> read(part, progress);
            }
        }
    }

    private void dump(Manifest manifest, Manifest.Part part, Progress progress) {
        PgRestore.decode(opened(part, progress));
        long expected = Objects.requireNonNull(manifest.contents()).tables().size();
        long found = PgRestore.tablesWithData(opened(part, Progress.NONE));
        if (found < expected) {
            throw new Failure(
                            "partial-dump",
                            "The dump in %s holds rows of %d tables; %d were there when it was taken."
                                    .formatted(part.key(), found, expected),
                            "This backup would not bring everything back.",
                            "Take a new backup now; restore from an older one if you must restore.")
                    .lasting();
        }
    }

    private void folder(Manifest manifest, Manifest.Part part, Progress progress) {
        Path folder = ((DirectoryStore) store).folder(part.key());
        if (!Files.isDirectory(folder)) {
            throw new Failure(
                            "object-missing",
                            "The snapshot %s is not there.".formatted(folder),
                            "This copy of the backup cannot be used; other copies and backups are unaffected.",
                            "Use another copy or an older backup; look for what removes folders from that store.")
                    .lasting();
        }
        FileTreeContents found = Measure.files(folder, null, progress);
        if (!found.equals(manifest.files())) {
            throw new Failure(
                            "files-differ",
                            "The snapshot %s no longer holds what it held when taken: %s, not %s."
                                    .formatted(folder, found, manifest.files()),
                            "Files in it were changed, lost or damaged since.",
                            "Use another copy or an older backup, and look for faults of that disk.")
                    .lasting();
        }
    }

    private void read(Manifest.Part part, Progress progress) {
        try (InputStream in = SealedReader.open(store, part, keys)) {
            Copying.to(in, OutputStream.nullOutputStream(), n -> progress.at(part.role(), n, part.plainBytes(), "bytes"));
        } catch (IOException e) {
            throw new IllegalStateException("sealed readers tell their failures by themselves", e);
        }
    }

    private Command.Input opened(Manifest.Part part, Progress progress) {
        return stdin -> {
            try (InputStream in = SealedReader.open(store, part, keys)) {
                Copying.to(in, stdin, n -> progress.at(part.role(), n, part.plainBytes(), "bytes"));
            }
        };
    }
}
