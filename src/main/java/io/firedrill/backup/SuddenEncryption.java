package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.plan.FileSet;
import io.firedrill.proof.Encryption;
import io.firedrill.proof.TreeListing;
import io.firedrill.proof.TreeListing.Entry;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Stops the sync when most files of the snapshot before have become what looks encrypted: newer snapshots would be worth
 * nothing, and in time push the good ones out.
 */
final class SuddenEncryption {
    private static final int FEWEST = 10;
    private static final int HEADS_READ = 500;

    private final Store store;
    private final Keys keys;

    SuddenEncryption(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    /** Lasting failure {@code files-look-encrypted}. {@code listing}: of the snapshot under way. */
    void refuse(FileSet source, Manifest before, Path listing) {
        if (!keys.opens(before.recipients())) {
            return;
        }
        Map<String, Entry> now = new HashMap<>();
        Map<String, String> withoutEnding = new HashMap<>();
        for (Entry entry : read(listing)) {
            if (entry.type() == 'f') {
                now.put(entry.path(), entry);
                withoutEnding.put(entry.path().substring(0, Math.max(0, entry.path().lastIndexOf('.'))), entry.path());
            }
        }
        List<Entry> had = read(before).stream().filter(entry -> entry.type() == 'f').toList();
        long encrypted = had.stream()
                .filter(entry -> !now.containsKey(entry.path()) || !now.get(entry.path()).content().equals(entry.content()))
                .limit(HEADS_READ)
                .filter(entry -> became(source, entry, now, withoutEnding))
                .count();
        if (encrypted >= FEWEST && encrypted * 2 >= Math.min(had.size(), HEADS_READ)) {
            throw new Failure(
                            "files-look-encrypted",
                            "Of the %,d files that %s had in snapshot %s, at least %,d look encrypted now.".formatted(
                                    had.size(), source.name(), before.id(), encrypted),
                            "This looks like an attack. The sync was stopped: there is no new snapshot, earlier ones are untouched.",
                            "Look at it: firedrill diagnose %s. If they were meant to be encrypted, give the file set another name in"
                                    .formatted(before.service()) + " the plan, so that its snapshots begin anew.")
                    .lasting();
        }
    }

    private boolean became(FileSet source, Entry had, Map<String, Entry> now, Map<String, String> withoutEnding) {
        String path = now.containsKey(had.path()) ? had.path() : withoutEnding.get(had.path());
        return path != null && Encryption.looksEncrypted(now.get(path).in(source.path()), had.readablePath());
    }

    private List<Entry> read(Manifest backup) {
        Manifest.Part part = backup.parts().stream().filter(one -> one.role().equals("listing")).findFirst().orElseThrow();
        try (InputStream in = SealedReader.open(store, part, keys)) {
            return TreeListing.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Entry> read(Path listing) {
        try (InputStream in = Files.newInputStream(listing)) {
            return TreeListing.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
