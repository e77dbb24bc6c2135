package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.plan.FileSet;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.TreeListing;
import io.firedrill.proof.TreeListing.Entry;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at one folder, by sizes and times, and holds it against the newest verified snapshot that is not itself depleted. */
final class FilesProbe {
    private static final int SHOWN = 20;
    private static final int HEADS_READ = 500;

    private final FileSet fileSet;
    private final List<Manifest> backups;
    private final Listings listings;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();

    /** Reads a backup's listing from a store that has it. */
    @FunctionalInterface
    interface Listings {
        List<Entry> of(Manifest backup);
    }

    /** {@code backups}: verified ones of this file set, newest first. */
    FilesProbe(FileSet fileSet, List<Manifest> backups, Listings listings, Progress progress) {
        this.fileSet = fileSet;
        this.backups = backups;
        this.listings = listings;
        this.progress = progress;
    }

    /** What of a file shows without reading it. */
    private record Shape(long size, long modified) {}

    SourceReport run() {
        if (backups.isEmpty()) {
            return SourceReport.silent(new Evidence.Source(fileSet.name(), false, null, List.of()), "up", findings);
        }
        Manifest baseline = baseline();
        Map<String, Shape> live = live();
        long missing = 0;
        long expected = 0;
        List<Entry> changed = new ArrayList<>();
        List<Entry> renamed = new ArrayList<>();
        for (Entry entry : listings.of(baseline)) {
            if (entry.type() != 'f') {
                continue;
            }
            expected++;
            Shape now = live.remove(entry.path());
            if (now == null) {
                missing++;
                renamed.add(entry);
                show(entry.readablePath() + ": missing");
            } else if (now.size() != entry.size() || now.modified() != entry.modified()) {
                changed.add(entry);
            }
        }
        long encrypted = encrypted(changed, renamed, live);
        changed.forEach(entry -> show(entry.readablePath() + ": changed"));
        tell(missing, changed.size(), encrypted);
        boolean damaged = missing > 0 || encrypted > 0;
        var source = new Evidence.Source(fileSet.name(), damaged, baseline.id().value(), List.copyOf(shown));
        return SourceReport.ofFiles(source, missing, expected, changed.size(), encrypted, findings);
    }

    /** The newest, unless an older one has more than twice the files: then the newest was taken after the loss. */
    private Manifest baseline() {
        Manifest baseline = backups.get(0);
        for (Manifest older : backups) {
            if (files(older) > 2 * files(baseline)) {
                baseline = older;
            }
        }
        return baseline;
    }

    private static long files(Manifest backup) {
        FileTreeContents contents = backup.files();
        return contents == null ? 0 : contents.files();
    }

    private Map<String, Shape> live() {
        Map<String, Shape> live = new HashMap<>();
        Path root = fileSet.path();
        if (!Files.isDirectory(root)) {
            findings.add(new Finding("damage", fileSet.name(), "The folder %s is not there.".formatted(root)));
            return live;
        }
        try {
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
                    if (is.isRegularFile()) {
                        live.put(TreeListing.path(root, file),
                                new Shape(is.size(), is.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
                        progress.at("looking at " + fileSet.name(), live.size(), 0, "files");
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    findings.add(new Finding("warning", file.toString(), "It cannot be read: %s.".formatted(e)));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            findings.add(new Finding("warning", fileSet.name(), "The folder cannot be read: %s.".formatted(e)));
        }
        return live;
    }

    /** Of at most some hundred files; changed in place, or gone with a new file of the same name and one more ending. */
    private long encrypted(List<Entry> changed, List<Entry> gone, Map<String, Shape> unknown) {
        long encrypted = changed.stream()
                .limit(HEADS_READ)
                .filter(entry -> Encryption.looksEncrypted(entry.in(fileSet.path()), entry.readablePath()))
                .count();
        Map<String, String> withoutEnding = new HashMap<>();
        unknown.keySet().forEach(path -> withoutEnding.put(path.substring(0, Math.max(0, path.lastIndexOf('.'))), path));
        return encrypted + gone.stream()
                .filter(entry -> withoutEnding.containsKey(entry.path()))
                .limit(HEADS_READ)
                .filter(entry -> Encryption.looksEncrypted(
                        sibling(entry, withoutEnding.get(entry.path())).in(fileSet.path()), entry.readablePath()))
                .count();
    }

    private static Entry sibling(Entry entry, String path) {
        return new Entry('f', entry.mode(), entry.uid(), entry.gid(), entry.size(), entry.modified(), entry.content(), path);
    }

    private void tell(long missing, long changed, long encrypted) {
        if (missing > 0) {
            findings.add(new Finding("damage", fileSet.name(), "%,d files of the snapshot are missing.".formatted(missing)));
        }
        if (encrypted > 0) {
            findings.add(new Finding("damage", fileSet.name(), "%,d changed files look encrypted.".formatted(encrypted)));
        }
        if (changed > 0) {
            findings.add(new Finding("info", fileSet.name(), "%,d files changed since the snapshot.".formatted(changed)));
        }
    }

    private void show(String line) {
        if (shown.size() < SHOWN) {
            shown.add(line);
        }
    }
}
