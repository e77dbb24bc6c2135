package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.RecoverableRanges;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.Words;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the base backups of one database's server, newest first: the first that archived WAL brings to the wanted moment is
 * chosen. Without a moment that somebody named, the wanted one is just before the transaction that did the damage.
 */
final class MomentChoice {
    /** Stays free on the disk whatever is laid out. */
    private static final long RESERVE = 256L << 20;

    private final Service service;
    private final SelectRequest request;
    private final RestorePoint point;
    private final Stores stores;
    private final Keys keys;
    private final List<CatalogEntry> all;
    private final Candidates candidates;
    private final Place place;
    private final Path home;
    private final List<String> warnings = new ArrayList<>();

    MomentChoice(
            Service service, SelectRequest request, RestorePoint point, Stores stores, Keys keys, List<CatalogEntry> all,
            Candidates candidates, Place place, Path home) {
        this.service = service;
        this.request = request;
        this.point = point;
        this.stores = stores;
        this.keys = keys;
        this.all = all;
        this.candidates = candidates;
        this.place = place;
        this.home = home;
    }

    private sealed interface Judged {}

    /**
     * @param scratchBytes on this host's disk while it is restored
     * @param readBytes fetched from the store, about
     * @param xid of the harmful transaction, 32 bits; null when none was looked for
     */
    record Found(Manifest base, String store, PointInTime to, long scratchBytes, long readBytes, @Nullable Long xid)
            implements Judged {
        Instant at() {
            return to.at();
        }
    }

    List<String> warnings() {
        return warnings;
    }

    private record Refused(String verdict, String why) implements Judged {}

    /** Empty when the plan keeps no WAL, or none of the base backups will do: why not is among the candidates. */
    Optional<Found> choose(Database db, Optional<Evidence.Source> evidence) {
        Database server = server(db);
        boolean kept = server.repository().isPresent();
        if (!kept && !service.continuousWal() || point.backup() != null) {
            return Optional.empty();
        }
        List<CatalogEntry> bases = all.stream()
                .filter(entry -> entry.manifest().kind() == BackupKind.PHYSICAL)
                .filter(entry -> kept ? entry.manifest().repository() != null : entry.manifest().cluster() != null)
                .filter(entry -> entry.manifest().source().equals(server.name()))
                .sorted(Comparator.comparing((CatalogEntry entry) -> entry.manifest().snapshotAt()).reversed())
                .toList();
        if (bases.isEmpty()) {
            return Optional.empty();
        }
        boolean wanted = point.named() || request.damageBegan() != null || !traces(evidence).isEmpty();
        Function<CatalogEntry, Optional<WalReach>> reaches = kept ? inRepository(server, wanted) : inStores(server, wanted, bases.getFirst());
        @Nullable Found found = null;
        for (CatalogEntry entry : bases) {
            if (found != null) {
                candidates.judged(entry, db.name(), entry.manifest().snapshotAt(), "older", "a newer base backup is taken");
                continue;
            }
            Judged judged = judge(entry, reaches, db, evidence);
            if (judged instanceof Found good) {
                found = good;
                candidates.judged(entry, db.name(), good.at(), Candidates.CHOSEN,
                        "with archived WAL it comes %s: %s".formatted(good.to().words(), good.to().why()));
            } else if (judged instanceof Refused refused) {
                candidates.judged(entry, db.name(), entry.manifest().snapshotAt(), refused.verdict(), refused.why());
            }
        }
        return Optional.ofNullable(found);
    }

    private Function<CatalogEntry, Optional<WalReach>> inStores(Database server, boolean wanted, CatalogEntry newest) {
        WalSource source = new WalSource(service.name(), server.name());
        if (wanted) {
            WrittenWal.archive(server, () -> RecoverableRanges.of(stores.primary(), keys, source, List.of(newest.manifest())))
                    .ifPresent(warnings::add);
        }
        return entry -> StoredReach.of(entry.manifest(), stores.byName(place.store(entry).orElseThrow()), keys, source);
    }

    private Function<CatalogEntry, Optional<WalReach>> inRepository(Database server, boolean wanted) {
        if (!wanted) {
            return entry -> Optional.empty();
        }
        try {
            RepositoryReach.Written written = RepositoryReach.Written.of(server);
            WrittenWal.archive(server).ifPresent(warnings::add);
            return entry -> ofThisServer(entry, written)
                    ? Optional.of(RepositoryReach.of(entry.manifest(), server, written, home))
                    : Optional.empty();
        } catch (FailureException e) {
            warnings.add("How far the WAL of %s goes is not known: %s".formatted(server.name(), e.failure().what()));
            return entry -> Optional.empty();
        }
    }

    /** A server made anew has WAL of its own. */
    private static boolean ofThisServer(CatalogEntry entry, RepositoryReach.Written written) {
        String system = Objects.requireNonNull(entry.manifest().repository()).systemIdentifier();
        return system.isEmpty() || system.equals(written.systemIdentifier());
    }

    /** A base backup is of a whole server and named after the plan's first database on it. */
    private Database server(Database db) {
        return service.servers().stream()
                .filter(one -> one.host().equalsIgnoreCase(db.host()) && one.port() == db.port())
                .findFirst()
                .orElseThrow();
    }

    private Judged judge(
            CatalogEntry entry, Function<CatalogEntry, Optional<WalReach>> reaches, Database db, Optional<Evidence.Source> evidence) {
        Manifest base = entry.manifest();
        if (request.failedBackups().contains(base.id().value())) {
            return new Refused("failed-before", "it failed in this incident already");
        }
        Optional<String> store = place.store(entry);
        if (store.isEmpty()) {
            RestorePlan.Candidate unusable = candidates.unusable(entry);
            return new Refused(unusable.verdict(), unusable.why());
        }
        Optional<BackupId> lacking = base.needs().stream().filter(id -> !there(id, store.get())).findFirst();
        if (lacking.isPresent()) {
            return new Refused("needs-missing", "it builds upon %s, which is not in %s or failed a check".formatted(lacking.get(), store.get()));
        }
        if (!base.recipients().isEmpty() && !keys.encrypting()) {
            return new Refused("no-key", "it is encrypted and the plan names no key file");
        }
        int major = base.majorVersion();
        if (major != LocalPostgres.majorVersion()) {
            return new Refused("wrong-version", "it is of PostgreSQL %d; this host has the programs of %d, and only the same can replay"
                    .formatted(major, LocalPostgres.majorVersion()));
        }
        try {
            Optional<WalReach> reach = reaches.apply(entry);
            if (reach.isEmpty()) {
                return new Refused("wal-missing", "there is no WAL of it");
            }
            Judged reached = reach(reach.get(), evidence);
            return reached instanceof Reached good ? withRoom(base, store.get(), reach.get(), good, db) : reached;
        } catch (FailureException e) {
            return new Refused("wal-missing", e.failure().what());
        }
    }

    /** Its copy there was not found bad. */
    private boolean there(BackupId id, String store) {
        return all.stream()
                .filter(entry -> entry.manifest().id().equals(id))
                .flatMap(entry -> entry.copies().stream())
                .anyMatch(copy -> copy.store().equals(store) && copy.state() != CatalogEntry.State.QUARANTINED);
    }

    private static List<Trace> traces(Optional<Evidence.Source> evidence) {
        return evidence.map(Evidence.Source::traces).orElse(List.of());
    }

    private record Reached(PointInTime to, @Nullable Long xid) implements Judged {}

    private Judged reach(WalReach wal, Optional<Evidence.Source> evidence) {
        if (point.position() != null) {
            return position(wal, point.position());
        }
        if (point.named()) {
            return moment(wal, point.until(), "named by who asked for the recovery");
        }
        if (request.damageBegan() != null) {
            // Whatever was committed at that very moment may be the damage.
            return moment(wal, request.damageBegan().minus(1, ChronoUnit.MICROS), "the damage began then, says who confirmed the diagnosis");
        }
        List<Trace> traces = traces(evidence);
        if (traces.isEmpty()) {
            return new Refused("no-moment", "nothing tells which moment before the damage is meant; name one with --to");
        }
        return beforeDamage(wal, evidence.orElseThrow(), traces);
    }

    private static Judged position(WalReach wal, Lsn lsn) {
        if (!wal.reaches(lsn)) {
            return unreached(wal, lsn.toString());
        }
        return new Reached(
                new PointInTime(PointInTime.THROUGH, lsn.toString(), wal.commitBefore(lsn), wal.timeline(),
                        "named by who asked for the recovery", List.of()),
                null);
    }

    private static Judged moment(WalReach wal, Instant at, String why) {
        if (!wal.reaches(at)) {
            return unreached(wal, at.toString());
        }
        return new Reached(new PointInTime(PointInTime.TIME, null, at, wal.timeline(), why, List.of()), null);
    }

    private static Refused unreached(WalReach wal, String wanted) {
        return new Refused("wal-missing",
                "%s is out of its reach: with the WAL there is it comes to %s".formatted(wanted, wal.words()));
    }

    private Judged beforeDamage(WalReach wal, Evidence.Source evidence, List<Trace> traces) {
        Optional<HarmfulTransaction.Found> found = wal.harm(lastGood(wal, evidence), traces, home);
        if (found.isEmpty()) {
            return new Refused("wal-missing", ("its WAL, with which it comes to %s, does not account for the damage:"
                    + " either it was taken after it, or that is not archived.").formatted(wal.words()));
        }
        var first = found.get().first().transaction();
        List<PointInTime.Expected> expects = traces.stream()
                .map(trace -> new PointInTime.Expected(trace.table(), trace.file() == null ? -1 : trace.rowsLeft()))
                .toList();
        return new Reached(
                new PointInTime(PointInTime.BEFORE, first.commit().toString(), first.at(), wal.timeline(), found.get().deed(), expects),
                first.xid());
    }

    /** All was well when the last good dump was taken; not looked at is what came before the base backup's own end. */
    private Lsn lastGood(WalReach wal, Evidence.Source evidence) {
        return all.stream()
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.id().value().equals(evidence.lastGood()))
                .map(Manifest::database)
                .filter(Objects::nonNull)
                .filter(dump -> dump.systemIdentifier().equals(wal.systemIdentifier()) && dump.timeline() == wal.timeline())
                .map(dump -> Lsn.parse(dump.lsn()))
                .filter(lsn -> lsn.compareTo(wal.from()) > 0)
                .findFirst()
                .orElse(wal.from());
    }

    private Judged withRoom(Manifest base, String store, WalReach wal, Reached reached, Database db) {
        long needed = wal.scratchBytes(reached.to().lsn() == null ? null : reached.to().position());
        long free = ScratchFolder.free(home);
        if (free - RESERVE < needed) {
            return new Refused("no-room", "%s has %s free; a scratch server there needs %s and leaves %s alone".formatted(
                    home, Words.bytes(free), Words.bytes(needed), Words.bytes(RESERVE)));
        }
        if (db.passwordFile().isEmpty()) {
            return new Refused("no-password", "the scratch server lets nobody in without a password, and the plan has none for "
                    + db.name());
        }
        return new Found(base, store, reached.to(), needed, wal.readBytes(), reached.xid());
    }
}
