package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Swaps folders by two renames. Which of them are done can be told from what is there, so a crash between them is mended
 * by calling again. A folder that was gone altogether is set aside as an empty file, so that this can be told apart too.
 */
final class CutOverFiles {
    private final Path path;
    private final Path folder;
    private final Path beside;
    private final Path setAside;
    private final Path undone;

    CutOverFiles(FilesTarget target, String incident) {
        this(Path.of(target.path()), Path.of(target.beside()), target.inside(), Path.of(target.setAside()),
                Names.undonePath(target.inside() == null ? Path.of(target.path()) : Names.part(fileSet(target), target.inside()), incident));
    }

    /** @param undone the name that the restored one gets when it is swapped back */
    CutOverFiles(Path path, Path beside, Path setAside, Path undone) {
        this(path, beside, null, setAside, undone);
    }

    private CutOverFiles(Path path, Path beside, @Nullable String inside, Path setAside, Path undone) {
        this.path = path;
        this.folder = Path.of(Names.requireBeside(beside.toString()));
        this.beside = inside == null ? folder : folder.resolve(inside);
        this.setAside = setAside;
        this.undone = undone;
    }

    private static Path fileSet(FilesTarget target) {
        Path fileSet = Path.of(target.path());
        for (int i = 0; target.inside() != null && i < Path.of(target.inside()).getNameCount(); i++) {
            fileSet = Objects.requireNonNull(fileSet.getParent());
        }
        return fileSet;
    }

    /** Lasting failure {@code nothing-beside} when neither the restored folder is there nor the swap done. */
    void requireReady() {
        if (!there(beside) && !there(setAside)) {
            throw new Failure(
                            "nothing-beside",
                            "There is no restored folder %s.".formatted(beside),
                            "Nothing was renamed; %s is as it was.".formatted(path),
                            "Restore it again, then cut over.")
                    .lasting();
        }
    }

    void cutOver() {
        if (!there(beside)) {
            return;
        }
        try {
            if (!there(setAside)) {
                if (there(path)) {
                    rename(path, setAside);
                } else {
                    Files.createFile(setAside);
                }
            }
            rename(beside, path);
            if (there(folder)) {
                // What a part of a file set lay in.
                FolderRemoval.remove(folder);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void swapBack() {
        if (!there(setAside)) {
            return;
        }
        try {
            if (there(path)) {
                rename(path, undone);
            }
            if (Files.isRegularFile(setAside, LinkOption.NOFOLLOW_LINKS) && Files.size(setAside) == 0) {
                Files.delete(setAside);
            } else {
                rename(setAside, path);
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    Path undone() {
        return undone;
    }

    /** Bytes of regular files below; what cannot be read counts nothing. */
    static long bytes(Path folder) {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.addAndGet(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            return bytes.get();
        }
        return bytes.get();
    }

    static boolean there(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static void rename(Path from, Path to) throws IOException {
        if (there(to)) {
            throw new IOException(to + " is there already");
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private FailureException failed(IOException e) {
        return new Failure(
                        "rename-failed",
                        "The folders %s and %s could not be swapped: %s.".formatted(path, beside, e),
                        "Both are whole; none was changed inside.",
                        "Let the user that runs Firedrill write to %s, then try again.".formatted(path.getParent()))
                .lasting(e);
    }
}
