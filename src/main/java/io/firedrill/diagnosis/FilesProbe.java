package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.diagnosis.TreeComparison.Shape;
import io.firedrill.diagnosis.server.Sign;
import io.firedrill.diagnosis.server.Signal;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at one folder, by sizes and times, and holds it against the newest verified snapshot that is not itself depleted. */
final class FilesProbe {
    private static final int SHOWN = 20;

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

    SourceReport run() {
        if (backups.isEmpty()) {
            return SourceReport.silent(new Evidence.Source(fileSet.name(), false, null, List.of()), "up", findings);
        }
        Map<String, Shape> live = live();
        Manifest baseline = baseline();
        TreeComparison found = TreeComparison.of(fileSet.path(), listings.of(baseline), live);
        if (found.encrypted().isEmpty() && TreeComparison.mostLookEncrypted(fileSet.path(), live)) {
            found = showingTheEncryption(live, baseline).orElse(found);
        }
        found.gone().forEach(entry -> show(entry.readablePath() + ": missing"));
        found.changed().forEach(entry -> show(entry.readablePath() + ": changed"));
        long missing = found.gone().size();
        long encrypted = found.encrypted().size();
        tell(missing, found.changed().size(), encrypted);
        String lastGood = encrypted == 0 ? baseline.id().value() : unencrypted(found.encrypted()).orElse(null);
        var source = new Evidence.Source(fileSet.name(), missing > 0 || encrypted > 0, lastGood, List.copyOf(shown));
        return SourceReport.ofFiles(
                source, missing, found.expected(), found.changed().size(), encrypted, findings, signals(missing, encrypted));
    }

    /** The newest snapshot may have been taken after the files were encrypted: then only an older one shows that they were. */
    private Optional<TreeComparison> showingTheEncryption(Map<String, Shape> live, Manifest baseline) {
        return backups.stream()
                .filter(older -> older.snapshotAt().isBefore(baseline.snapshotAt()))
                .map(older -> TreeComparison.of(fileSet.path(), listings.of(older), live))
                .filter(TreeComparison::inBulk)
                .findFirst();
    }

    /** The newest snapshot that has none of these files as they are now. */
    private Optional<String> unencrypted(Map<String, Shape> encrypted) {
        return backups.stream()
                .filter(backup -> listings.of(backup).stream()
                        .noneMatch(entry -> Shape.of(entry).equals(encrypted.get(entry.path()))))
                .map(backup -> backup.id().value())
                .findFirst();
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

    private List<Signal> signals(long missing, long encrypted) {
        List<Signal> signals = new ArrayList<>();
        if (encrypted > 0) {
            signals.add(new Signal(Sign.FILES_ENCRYPTED, true, fileSet.name(), "", null));
        }
        if (missing > 0) {
            signals.add(new Signal(Sign.FILES_MISSING, true, fileSet.name(), "", null));
        }
        return signals;
    }

    private void show(String line) {
        if (shown.size() < SHOWN) {
            shown.add(line);
        }
    }
}
