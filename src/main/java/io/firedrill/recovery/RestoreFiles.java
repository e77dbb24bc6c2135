package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Rsync;
import io.firedrill.tool.Tar;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Restores one folder beside the damaged one. It bears the name {@code beside} only when everything is there; until then
 * {@code .partial} follows it, where a second attempt goes on.
 */
final class RestoreFiles {
    private final FilesTarget target;
    private final Shelf shelf;
    private final Progress progress;
    private final Path beside;
    private final Path partial;

    RestoreFiles(FilesTarget target, Shelf shelf, Progress progress) {
        this.target = target;
        this.shelf = shelf;
        this.progress = progress;
        this.beside = Path.of(Names.requireBeside(target.beside()));
        this.partial = Names.partial(beside);
    }

    Recovery.RestoredFiles run() {
        long began = System.nanoTime();
        Path lockFile = Names.lock(beside);
        try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
                FileLock lock = lock(file, beside)) {
            load();
            Files.deleteIfExists(lockFile);
        } catch (IOException e) {
            throw failed(e);
        }
        return new Recovery.RestoredFiles(
                target.fileSet(), target.beside(), (System.nanoTime() - began) / 1e9, target.files(), target.bytes());
    }

    /** Held while the channel is open. Passing failure {@code restore-already-running}. */
    static FileLock lock(RandomAccessFile file, Path beside) throws IOException {
        @Nullable FileLock lock;
        try {
            lock = file.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new Failure(
                            "restore-already-running",
                            "%s is being restored by another worker.".formatted(beside),
                            "Nothing is wrong with the data; two must not do the same work at once.",
                            "Wait until it is done; it is tried again.")
                    .passing();
        }
        return lock;
    }

    /** An earlier result is mended in place: what is right already is not copied again. */
    private void load() throws IOException {
        if (CutOverFiles.there(beside)) {
            if (CutOverFiles.there(partial)) {
                FolderRemoval.remove(partial);
            }
            Files.move(beside, partial, StandardCopyOption.ATOMIC_MOVE);
        }
        Optional<Path> tree = shelf.tree();
        if (tree.isPresent()) {
            Files.createDirectories(partial);
            if (target.inside() == null) {
                Rsync.mirror(tree.get(), partial, null, progress);
            } else {
                Rsync.part(tree.get(), target.inside(), partial, progress);
            }
        } else {
            if (CutOverFiles.there(partial)) {
                FolderRemoval.remove(partial);
            }
            Files.createDirectory(partial);
            extract(shelf.need("tree"));
        }
        Files.move(partial, beside, StandardCopyOption.ATOMIC_MOVE);
    }

    private void extract(Manifest.Part tree) {
        Tar.extract(
                stdin -> {
                    try (InputStream in = shelf.read(tree)) {
                        in.transferTo(stdin);
                    }
                },
                partial,
                target.inside(),
                tree.plainBytes(),
                progress);
    }

    private FailureException failed(IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return new Failure(
                        full ? "target-disk-full" : "restore-failed",
                        "%s could not be restored: %s.".formatted(beside, e),
                        "The damaged folder is untouched; what was restored so far is kept and used next time.",
                        full ? "Free space there, then try again."
                                : "Let the user that runs Firedrill write to %s, then try again.".formatted(beside.getParent()))
                .lasting(e);
    }
}
