package io.firedrill.physical;

import io.firedrill.failure.FailureException;
import io.firedrill.store.Keys;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings whole segments from a spool to every store, oldest first. A store that fails holds up nobody but itself; what it
 * lacks stays in the spool.
 */
final class WalShipping {
    private final Stores stores;
    private final Map<String, WalArchive> archives = new HashMap<>();
    private final Clock clock;
    private final Map<Path, WalArchive.Content> contents = new HashMap<>();
    private final Map<String, Set<Path>> shipped = new HashMap<>();
    private volatile @Nullable Reached reached;
    private volatile @Nullable String trouble;

    /** Up to where every store has the WAL, since when, and the newest commit in it. */
    record Reached(String lsn, Instant at, @Nullable Instant newest) {}

    WalShipping(WalSource source, Stores stores, Keys keys, Clock clock) {
        this.stores = stores;
        stores.all().forEach(store -> archives.put(store.name(), new WalArchive(store, keys, source)));
        this.clock = clock;
    }

    @Nullable Reached reached() {
        return reached;
    }

    /** Why a store lacks something; null when all have all. */
    @Nullable String trouble() {
        return trouble;
    }

    synchronized boolean hasAll(WalSpool spool) {
        return everywhere(spool).size() == spool.whole().size();
    }

    synchronized void ship(WalSpool spool) {
        String failed = null;
        List<Path> whole = spool.whole();
        for (Store store : stores.all()) {
            try {
                for (Path file : whole) {
                    ship(spool, file, store);
                }
            } catch (FailureException | UncheckedIOException e) {
                failed = "Store %s: %s".formatted(store.name(), e.getMessage());
            }
        }
        trouble = failed;
        List<Path> done = everywhere(spool);
        spool.remove(done);
        forget(spool.whole());
    }

    private void ship(WalSpool spool, Path file, Store store) {
        Set<Path> there = shipped.computeIfAbsent(store.name(), name -> new HashSet<>());
        if (there.contains(file)) {
            return;
        }
        WalArchive.Content content = contents.computeIfAbsent(file, f -> WalArchive.read(f, f.toFile().length()));
        Objects.requireNonNull(archives.get(store.name())).write(spool.system(), content, file);
        there.add(file);
        if (stores.all().stream().allMatch(other -> shipped.getOrDefault(other.name(), Set.of()).contains(file))) {
            reach(file, content);
        }
    }

    private void reach(Path file, WalArchive.Content content) {
        Optional<WalName> name = WalName.parse(content.name(), file.toFile().length());
        Reached before = reached;
        Instant newest = content.newest().orElse(before == null ? null : before.newest());
        name.ifPresent(wal -> reached = new Reached(wal.end().toString(), clock.instant(), newest));
    }

    private List<Path> everywhere(WalSpool spool) {
        return spool.whole().stream()
                .filter(file -> stores.all().stream()
                        .allMatch(store -> shipped.getOrDefault(store.name(), Set.of()).contains(file)))
                .toList();
    }

    /** Only files that are there are remembered. */
    private void forget(List<Path> left) {
        contents.keySet().removeIf(file -> !left.contains(file) && !Files.exists(file));
        shipped.values().forEach(files -> files.removeIf(file -> !Files.exists(file)));
    }
}
