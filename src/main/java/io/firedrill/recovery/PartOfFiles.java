package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.TreeListing;
import io.firedrill.proof.TreeListing.Entry;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** A folder or file inside a file set, as a backup has it. */
final class PartOfFiles {
    private PartOfFiles() {}

    record Wanted(FilesTarget target, Preflight preflight) {}

    /** Entries of the part itself and of what is below it. */
    static List<Entry> entries(List<Entry> all, String inside) {
        Path root = Path.of("/");
        String path = TreeListing.path(root.resolve("x"), root.resolve("x").resolve(inside));
        return all.stream().filter(entry -> entry.path().equals(path) || entry.path().startsWith(path + "/")).toList();
    }

    /** Lasting failures {@code unknown-path}, {@code parent-missing}, and those of {@link FilesPreflight}. */
    static Wanted look(String name, Path fileSet, String inside, Shelf shelf, String incident, String store) {
        List<Entry> all = shelf.listing();
        List<Entry> part = entries(all, inside);
        if (part.isEmpty()) {
            throw unknown(name, inside, shelf, all);
        }
        Path path = fileSet.resolve(inside);
        Path parent = Objects.requireNonNull(path.getParent());
        if (!CutOverFiles.there(parent)) {
            throw new Failure("parent-missing", "%s is missing as well.".formatted(parent), "Nothing was changed.",
                            "Restore that folder: --only %s:%s".formatted(name, fileSet.relativize(parent)))
                    .lasting();
        }
        requireSameDisk(parent, Objects.requireNonNull(fileSet.toAbsolutePath().getParent()));
        long files = part.stream().filter(entry -> entry.type() == 'f').count();
        long bytes = part.stream().mapToLong(Entry::size).sum();
        Path label = Names.part(fileSet, inside);
        FilesTarget target = new FilesTarget(name, path.toString(), shelf.manifest().id().value(), store, shelf.manifest().snapshotAt(),
                files, bytes, Names.besidePath(label, incident).toString(), Names.setAsidePath(label, incident).toString(), inside);
        Preflight preflight = new FilesPreflight(name, label, new FileTreeContents(files, 0, bytes, "")).run(bytes);
        return new Wanted(target, preflight);
    }

    private static void requireSameDisk(Path parent, Path beside) {
        try {
            if (!Files.getAttribute(parent, "unix:dev").equals(Files.getAttribute(beside, "unix:dev"))) {
                throw new Failure("path-is-mount", "%s lies on another disk than %s, beside which it would be restored.".formatted(parent, beside),
                                "Nothing was changed.", "Restore the whole file set, or make what is mounted there a file set of its own.")
                        .lasting();
            }
        } catch (IOException e) {
            throw new Failure("unreadable-file", "%s cannot be looked at: %s.".formatted(parent, e), "Nothing was changed.",
                            "See whether its disk is well and mounted, then try again.")
                    .lasting(e);
        }
    }

    private static RuntimeException unknown(String name, String inside, Shelf shelf, List<Entry> all) {
        String choices = all.stream().map(Entry::readablePath).filter(path -> !path.equals(".") && !path.contains("/")).sorted().limit(20)
                .collect(Collectors.joining(", "));
        return new Failure("unknown-path", "Backup %s of %s has no '%s'.".formatted(shelf.manifest().id(), name, inside), "Nothing was changed.",
                        "At its top it has: %s.".formatted(choices))
                .lasting();
    }
}
