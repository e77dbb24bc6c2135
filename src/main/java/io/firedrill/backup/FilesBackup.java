package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.FileSet;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.Measure;
import io.firedrill.store.BackupId;
import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Keys;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Rsync;
import io.firedrill.tool.Sync;
import io.firedrill.tool.Tar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies one folder: into a folder store as a plain dated snapshot that shares unchanged files with the one before (hard
 * links: snapshots are never changed in place), into any other store as one sealed tar.
 */
final class FilesBackup {
    private static final int TRIES = 3;

    private final Store store;
    private final Keys keys;
    private final Clock clock;
    private final Predicate<BackupId> trusted;

    /** @param trusted whether an earlier backup may lend its files */
    FilesBackup(Store store, Keys keys, Clock clock, Predicate<BackupId> trusted) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.trusted = trusted;
    }

    Manifest take(String service, FileSet source, BackupId id, Progress progress) {
        requireThere(source);
        Instant began = clock.instant();
        Path listing = temporary();
        try (Attempt attempt = new Attempt(store, keys, service, id, began)) {
            FileTreeContents contents = store instanceof DirectoryStore folders
                    ? snapshot(folders, attempt, service, source, listing, progress)
                    : tar(attempt, source, listing, progress);
            before(service, source).ifPresent(earlier -> new SuddenEncryption(store, keys).refuse(source, earlier, listing));
            attempt.write("listing", ".txt", out -> Files.copy(listing, out));
            return attempt.finish(new Manifest(
                    1, id, service, BackupKind.FILES, source.name(), began, began, clock.instant(), null, null, contents,
                    attempt.parts(), attempt.recipients(), tools(), Recipes.files(attempt.parts())));
        } finally {
            remove(listing);
        }
    }

    private FileTreeContents snapshot(
            DirectoryStore folders, Attempt attempt, String service, FileSet source, Path listing, Progress progress) {
        String key = attempt.key("files", Keyspace.TREE);
        Path to = folders.folder(key);
        attempt.undoing(key);
        create(to);
        Rsync.mirror(source.path(), to, previous(folders, service, source).orElse(null), progress);
        Sync.fileSystemOf(to);
        FileTreeContents contents = Measure.files(to, listing, progress);
        attempt.add(new Manifest.Part(
                "folder", key, contents.bytes(), contents.digest(), contents.bytes(), contents.digest(), List.of()));
        return contents;
    }

    /** Newest first. */
    private Stream<Manifest> earlier(String service, FileSet source) {
        return Manifests.list(store, service).stream()
                .filter(manifest -> manifest.kind() == BackupKind.FILES && manifest.source().equals(source.name()))
                .filter(manifest -> trusted.test(manifest.id()));
    }

    private Optional<Manifest> before(String service, FileSet source) {
        return earlier(service, source).findFirst();
    }

    private Optional<Path> previous(DirectoryStore folders, String service, FileSet source) {
        return earlier(service, source)
                .flatMap(manifest -> manifest.parts().stream())
                .filter(part -> part.role().equals("folder"))
                .map(part -> folders.folder(part.key()))
                .filter(Files::isDirectory)
                .findFirst();
    }

    /** A tar is of many moments: it only counts when the folder held the same before and after. */
    private FileTreeContents tar(Attempt attempt, FileSet source, Path listing, Progress progress) {
        for (int i = 1; i <= TRIES; i++) {
            FileTreeContents before = Measure.files(source.path(), listing, progress);
            FileTreeContents[] after = new FileTreeContents[1];
            try {
                attempt.write("tree", ".tar", out -> {
                    Tar.create(source.path(), out, before.bytes(), progress);
                    after[0] = Measure.files(source.path(), null, progress);
                    if (!before.equals(after[0])) {
                        throw changing(source);
                    }
                });
                return before;
            } catch (FailureException e) {
                if (i == TRIES || !e.failure().code().equals("files-changing")) {
                    throw e;
                }
            }
        }
        throw changing(source);
    }

    private static FailureException changing(FileSet source) {
        return new Failure(
                        "files-changing",
                        "Files in %s changed each of the %d times they were packed.".formatted(source.path(), TRIES),
                        "There is no new backup of them; earlier ones are untouched.",
                        "Back up at a quieter time, or make a folder the plan's first store: it takes snapshots.")
                .passing();
    }

    private static void requireThere(FileSet source) {
        if (!Files.isDirectory(source.path())) {
            throw new Failure(
                            "source-missing",
                            "The folder %s of file set %s is not there.".formatted(source.path(), source.name()),
                            "There is no new backup of it; earlier ones are untouched.",
                            "Check that it is mounted, or recover it with: firedrill recover")
                    .lasting();
        }
    }

    private static Map<String, String> tools() {
        return Map.of("rsync", Rsync.version(), "tar", Tar.version());
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("firedrill-listing-", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void create(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new Failure(
                            "store-refused",
                            "The folder %s cannot be made: %s".formatted(folder, e),
                            "There is no new backup; earlier ones are untouched.",
                            "Check the permissions and the disk of store %s.".formatted(store.name()))
                    .lasting(e);
        }
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // In the temporary folder, readable by its owner only; the host clears it away.
        }
    }
}
