package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.LeftWal;
import io.firedrill.physical.RecoverableRange;
import io.firedrill.physical.RecoverableRanges;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.LocalPostgres;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Judges the base backups of one server, newest first, for bringing the whole of it back: the first that is sound, from before
 * the damage, and brought by WAL to the wanted moment is chosen. Without a moment that somebody named, that is the end of the
 * WAL: what a disk damaged is not in it.
 */
final class ServerChoice {
    private final SelectRequest request;
    private final RestorePoint point;
    private final Stores stores;
    private final Keys keys;
    private final List<CatalogEntry> all;
    private final Candidates candidates;
    private final Place place;
    private final Instant now;

    ServerChoice(
            SelectRequest request, RestorePoint point, Stores stores, Keys keys, List<CatalogEntry> all, Candidates candidates,
            Place place, Instant now) {
        this.request = request;
        this.point = point;
        this.stores = stores;
        this.keys = keys;
        this.all = all;
        this.candidates = candidates;
        this.place = place;
        this.now = now;
    }

    private sealed interface Judged {}

    /**
     * @param bytes of the server's files; {@code walBytes} to be replayed
     * @param readBytes fetched from the store, about
     */
    record Found(Manifest base, String store, PointInTime to, long bytes, long walBytes, long readBytes) implements Judged {}

    private record Refused(String verdict, String why) implements Judged {}

    /**
     * Why not is among the candidates.
     *
     * @param up whether the damaged server answers, and so tells all that it wrote
     */
    Optional<Found> choose(Database db, List<Evidence.Trace> traces, boolean up) {
        List<CatalogEntry> bases = all.stream()
                .filter(entry -> entry.manifest().kind() == BackupKind.PHYSICAL && entry.manifest().source().equals(db.name()))
                .sorted(Comparator.comparing((CatalogEntry entry) -> entry.manifest().snapshotAt()).reversed())
                .toList();
        Optional<Found> found = Optional.empty();
        for (CatalogEntry entry : bases) {
            if (found.isPresent()) {
                candidates.judged(entry, db.name(), entry.manifest().snapshotAt(), "older", "a newer base backup is taken");
                continue;
            }
            switch (judge(entry, db, traces, up)) {
                case Found good -> {
                    found = Optional.of(good);
                    candidates.judged(entry, db.name(), good.to().at(), Candidates.CHOSEN,
                            "the whole server, brought %s: %s".formatted(good.to().words(), good.to().why()));
                }
                case Refused refused ->
                    candidates.judged(entry, db.name(), entry.manifest().snapshotAt(), refused.verdict(), refused.why());
            }
        }
        return found;
    }

    private Judged judge(CatalogEntry entry, Database db, List<Evidence.Trace> traces, boolean up) {
        Manifest base = entry.manifest();
        Optional<String> store = place.store(entry);
        int major = major(base);
        if (request.failedBackups().contains(base.id().value())) {
            return new Refused("failed-before", "it failed in this incident already");
        } else if (request.damageBegan() != null && !base.snapshotAt().isBefore(request.damageBegan())) {
            return new Refused("shows-damage", "it is from %s, when the damage had begun (%s)".formatted(
                    base.snapshotAt(), request.damageBegan()));
        } else if (point.backup() != null && !point.backup().equals(base.id().value())) {
            return new Refused("after-target", "another backup was named");
        } else if (store.isEmpty()) {
            RestorePlan.Candidate unusable = candidates.unusable(entry);
            return new Refused(unusable.verdict(), unusable.why());
        } else if (!base.recipients().isEmpty() && !keys.encrypting()) {
            return new Refused("no-key", "it is encrypted and the plan names no key file");
        } else if (major != LocalPostgres.majorVersion()) {
            return new Refused("wrong-version", "it is of PostgreSQL %d; this host has the programs of %d".formatted(
                    major, LocalPostgres.majorVersion()));
        }
        try {
            return base.cluster() == null
                    ? repository(base, store.get(), traces)
                    : own(base, stores.byName(store.get()), db, traces, up);
        } catch (FailureException e) {
            return new Refused("wal-missing", e.failure().what());
        }
    }

    private static int major(Manifest base) {
        return base.cluster() != null
                ? base.cluster().serverVersionNum() / 10_000
                : Objects.requireNonNull(base.repository()).majorVersion();
    }

    /** What its WAL reaches, the tool itself knows; a moment that it does not reach is found when the server replays. */
    private Judged repository(Manifest base, String store, List<Evidence.Trace> traces) {
        var facts = Objects.requireNonNull(base.repository());
        PointInTime to = wanted((int) facts.timeline(), now, "all the WAL there is is replayed", traces);
        boolean early = to.stop().equals(PointInTime.TIME) && to.at().isBefore(facts.stoppedAt())
                || to.stop().equals(PointInTime.THROUGH) && to.position().compareTo(io.firedrill.tool.Lsn.parse(facts.stopLsn())) < 0;
        return early
                ? new Refused("after-target", "it ends at %s (%s), after the wanted %s".formatted(facts.stoppedAt(), facts.stopLsn(), to.words()))
                : new Found(base, store, to, facts.bytes(), 0, facts.bytes());
    }

    private Judged own(Manifest base, Store store, Database db, List<Evidence.Trace> traces, boolean up) {
        var facts = Objects.requireNonNull(base.cluster());
        // The timeline that the server was last on: what lies on another was given up when it was left.
        Optional<RecoverableRange> newest = RecoverableRanges.of(store, keys, new WalSource(base.service(), base.source()), List.of(base))
                .stream()
                .max(Comparator.comparingInt(RecoverableRange::timeline));
        if (newest.isEmpty()) {
            return new Refused("wal-missing", "there is no WAL of it");
        }
        RecoverableRange range = newest.get();
        Path left = db.place().orElseThrow().data().resolve("pg_wal");
        boolean all = up || new LeftWal(facts.walSegmentBytes()).covers(left, range.timeline(), range.toLsn());
        PointInTime to = wanted(range.timeline(), all ? now : range.to(), all
                ? up ? "what is not archived yet is when the server is fenced" : "what is not archived is in what is left of its pg_wal"
                : "its WAL is archived to %s (%s), and what is left of its pg_wal does not go on from there".formatted(
                        range.toLsn(), range.to()), traces);
        boolean reached = switch (to.stop()) {
            case PointInTime.TIME -> range.reaches(to.at());
            case PointInTime.THROUGH -> range.reaches(to.position());
            default -> true;
        };
        if (!reached) {
            return new Refused("wal-missing", "%s is out of its reach: with the WAL there is it comes to %s to %s (%s to %s) on timeline %d. %s"
                    .formatted(to.words(), range.from(), range.to(), range.fromLsn(), range.toLsn(), range.timeline(), range.gap()).strip());
        }
        long wal = range.wal().size() * facts.walSegmentBytes();
        long read = base.parts().stream().mapToLong(Manifest.Part::storedBytes).sum()
                + range.wal().stream().mapToLong(object -> object.storedBytes()).sum();
        return new Found(base, store.name(), to, facts.clusterBytes(), wal, read);
    }

    private PointInTime wanted(int timeline, Instant latest, String how, List<Evidence.Trace> traces) {
        String named = "named by who asked for the recovery";
        if (point.position() != null) {
            return new PointInTime(PointInTime.THROUGH, point.position().toString(), now, timeline, named, List.of());
        } else if (point.named()) {
            return new PointInTime(PointInTime.TIME, null, point.until(), timeline, named, List.of());
        }
        List<PointInTime.Expected> expects = traces.stream()
                .map(trace -> new PointInTime.Expected(trace.table(), trace.file() == null ? -1 : trace.rowsLeft()))
                .toList();
        return new PointInTime(PointInTime.LATEST, null, latest, timeline, how, expects);
    }
}
