package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Removes WAL that no base backup in the same store needs. INVARIANT: the WAL from the beginning of the oldest base backup
 * of its cluster on stays, on every timeline; without any base backup of its source all of it stays.
 */
public final class WalExpiry {
    private WalExpiry() {}

    /** @return how many segments went (or would go) */
    public static int run(Store store, WalSource source, boolean dryRun) {
        List<Manifest> bases = Manifests.list(store, source.service()).stream()
                .filter(manifest -> manifest.kind() == BackupKind.PHYSICAL && manifest.source().equals(source.source()))
                .filter(manifest -> manifest.cluster() != null)
                .toList();
        WalArchive archive = new WalArchive(store, Keys.none(), source);
        List<WalObject> goes = bases.isEmpty() ? List.of() : archive.list().stream().filter(o -> unneeded(o, bases)).toList();
        if (!dryRun) {
            goes.forEach(object -> unlessLocked(() -> archive.delete(object)));
        }
        return goes.size();
    }

    /** A locked one goes when its lock has ended. */
    private static void unlessLocked(Runnable removal) {
        try {
            removal.run();
        } catch (FailureException e) {
            if (!e.failure().code().equals("object-locked")) {
                throw e;
            }
        }
    }

    private static boolean unneeded(WalObject object, List<Manifest> bases) {
        List<Manifest.ClusterFacts> own = bases.stream()
                .map(base -> Objects.requireNonNull(base.cluster()))
                .filter(facts -> facts.systemIdentifier().equals(object.system()))
                .toList();
        // A cluster without base backup: its first may be on its way.
        return !object.history() && !own.isEmpty() && own.stream().allMatch(facts -> before(object, facts));
    }

    private static boolean before(WalObject object, Manifest.ClusterFacts facts) {
        Optional<WalName> name = WalName.parse(object.name(), facts.walSegmentBytes());
        return name.filter(wal -> wal.end().compareTo(Lsn.parse(facts.startLsn())) <= 0).isPresent();
    }
}
