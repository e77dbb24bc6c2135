package io.firedrill.physical;

import io.firedrill.plan.BackupKind;
import io.firedrill.store.Keys;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.tool.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the locks of a server's backups last as long as the longest chain that needs them: a full backup as long as the
 * incremental ones that build upon it, and the newest base backup with all the WAL since as long as the newest WAL, without
 * which that is worth nothing. Locks are only ever made longer. Does nothing in a store without lock.
 */
public final class ChainLocks {
    /** Asking for every lock takes a request each: what lasts this share of its time less is long enough for now. */
    private static final int SHARE = 10;

    private final Store store;
    private final WalSource source;
    private final Instant now;

    public ChainLocks(Store store, WalSource source, Instant now) {
        this.store = store;
        this.source = source;
        this.now = now;
    }

    public void extend() {
        List<Manifest> bases = Manifests.list(store, source.service()).stream()
                .filter(manifest -> manifest.kind() == BackupKind.PHYSICAL && manifest.source().equals(source.source()))
                .filter(manifest -> manifest.cluster() != null)
                .sorted(Comparator.comparing(Manifest::snapshotAt))
                .toList();
        for (Manifest base : bases) {
            if (!base.needs().isEmpty()) {
                until(anyPart(base)).ifPresent(until -> needed(base).forEach(key -> keep(key, until)));
            }
        }
        if (!bases.isEmpty()) {
            withWal(bases.getLast());
        }
    }

    private static String anyPart(Manifest base) {
        return base.parts().getLast().key();
    }

    /** A legal hold has no end, and ends when a person says so. */
    private Optional<Instant> until(String key) {
        return store.lockedUntil(key).filter(until -> !until.equals(Instant.MAX));
    }

    private List<String> needed(Manifest base) {
        return base.needs().stream().flatMap(id -> Manifests.find(store, id).stream()).flatMap(this::keys).toList();
    }

    private Stream<String> keys(Manifest manifest) {
        return store.list(Keyspace.prefix(manifest.service(), manifest.id())).stream().map(Store.StoredObject::key);
    }

    private void withWal(Manifest base) {
        Manifest.ClusterFacts facts = Objects.requireNonNull(base.cluster());
        Lsn start = Lsn.parse(facts.startLsn());
        List<WalObject> wal = new WalArchive(store, Keys.none(), source).list().stream()
                .filter(object -> object.system().equals(facts.systemIdentifier()))
                .filter(object -> object.history() || WalName.parse(object.name(), facts.walSegmentBytes())
                        .filter(name -> name.end().compareTo(start) > 0)
                        .isPresent())
                .sorted(Comparator.comparing(WalObject::history).reversed().thenComparing(object -> object.name().substring(8)))
                .toList();
        if (wal.isEmpty() || wal.getLast().history()) {
            return;
        }
        until(wal.getLast().key()).ifPresent(until -> {
            List<String> chain = new ArrayList<>(keys(base).toList());
            chain.addAll(needed(base));
            if (!longEnough(anyPart(base), until)) {
                chain.forEach(key -> keep(key, until));
            }
            for (WalObject object : wal) {
                if (!object.history() && longEnough(object.key(), until)) {
                    // All after it were locked later still.
                    break;
                }
                keep(object.key(), until);
            }
        });
    }

    private boolean longEnough(String key, Instant until) {
        Duration little = Duration.between(now, until).dividedBy(SHARE);
        return until(key).filter(has -> !has.isBefore(until.minus(little))).isPresent();
    }

    /** What is not locked at all was so when its lock had ended: then it is needed again. */
    private void keep(String key, Instant until) {
        store.keepLocked(key, until);
    }
}
