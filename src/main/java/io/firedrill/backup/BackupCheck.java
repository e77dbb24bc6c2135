package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.BackupManifest;
import io.firedrill.physical.BaseBackupCheck;
import io.firedrill.physical.BlockMap;
import io.firedrill.physical.IncrementalCheck;
import io.firedrill.physical.TarEntries;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.Measure;
import io.firedrill.store.BackupId;
import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads one store's copy of a backup back: every digest, every byte decrypted and decoded. */
final class BackupCheck {
    /** Failures that are the backup's own fault, as opposed to a lost network or a missing key. */
    private static final Set<String> DAMAGE = Set.of(
            "corrupt-object", "truncated-object", "object-missing", "undecodable-dump", "partial-dump", "files-differ",
            "undecodable-tar", "base-backup-damaged", "repository-damaged", "repository-lacks-backup", "full-backup-missing");

    private static final Predicate<Manifest.Part> ARCHIVE =
            part -> part.role().equals(ServerBackup.BASE) || part.role().startsWith(ServerBackup.TABLESPACE);

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
        if (manifest.cluster() != null) {
            server(manifest, manifest.cluster(), progress);
            return;
        }
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

    private void server(Manifest manifest, Manifest.ClusterFacts facts, Progress progress) {
        BackupManifest listed = BackupManifest.read(small(manifest));
        Optional<Manifest.Part> blocks = manifest.parts().stream().filter(part -> part.role().equals(ServerBackup.BLOCKS)).findFirst();
        try (@Nullable BlockMap map = blocks.map(part -> BlockMaps.read(store, part, keys)).orElse(null)) {
            manifest.parts().stream()
                    .filter(part -> !ARCHIVE.test(part) && !part.role().equals(ServerBackup.PG_MANIFEST) && !part.role().equals(ServerBackup.BLOCKS))
                    .forEach(part -> read(part, progress));
            if (facts.needs().isEmpty()) {
                BaseBackupCheck check = new BaseBackupCheck(listed, facts, map);
                archives(manifest, check::archive, progress);
                check.finish();
                return;
            }
            IncrementalCheck check = new IncrementalCheck(listed, facts, Objects.requireNonNull(map, "an incremental backup has a map"));
            archives(manifest, check::changed, progress);
            for (BackupId id : manifest.needs()) {
                archives(full(manifest, id), check::full, progress);
            }
            check.finish();
        }
    }

    private Manifest full(Manifest manifest, BackupId id) {
        return Manifests.find(store, id).orElseThrow(() -> new Failure(
                        "full-backup-missing",
                        "Backup %s builds upon %s, which is not in store %s.".formatted(manifest.id(), id, store.name()),
                        "From this store it cannot be restored; other copies and backups are unaffected.",
                        "Copy %s there, or take a new backup.".formatted(id))
                .lasting());
    }

    private interface Archives {
        TarEntries of(String what, String folder);
    }

    private void archives(Manifest manifest, Archives entries, Progress progress) {
        for (Manifest.Part part : manifest.parts()) {
            if (ARCHIVE.test(part)) {
                String space = part.role().equals(ServerBackup.BASE) ? "" : "pg_tblspc/" + part.role().substring(ServerBackup.TABLESPACE.length()) + "/";
                archive(part, entries.of(part.key(), space), progress);
            }
        }
    }

    private void archive(Manifest.Part part, TarEntries entries, Progress progress) {
        try (InputStream in = SealedReader.open(store, part, keys)) {
            Copying.to(in, entries, n -> progress.at(part.role(), n, part.plainBytes(), "bytes"));
            entries.finish();
        } catch (IOException e) {
            throw new IllegalStateException("sealed readers tell their failures by themselves", e);
        }
    }

    private byte[] small(Manifest manifest) {
        Manifest.Part part = manifest.parts().stream()
                .filter(p -> p.role().equals(ServerBackup.PG_MANIFEST))
                .findFirst()
                .orElseThrow();
        try (InputStream in = SealedReader.open(store, part, keys)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("sealed readers tell their failures by themselves", e);
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
