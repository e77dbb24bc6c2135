package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides how whole servers come back. One that no base backup can bring back, but that still answers, gets its databases
 * from dumps instead; files go their usual way beside it.
 */
final class SelectServers {
    /** Measured on two cores: laying out and verifying, replaying, reading everything once more. */
    private static final long LAID_BYTES_PER_SECOND = 150_000_000;

    private static final long REPLAYED_BYTES_PER_SECOND = 90_000_000;
    private static final long READ_BYTES_PER_SECOND = 150_000_000;
    private static final long OVERHEAD_SECONDS = 10;

    /** Restore, indexes and proof of a dump against dump and measuring. */
    private static final long RESTORE_TO_BACKUP = 2;

    private final Service service;
    private final SelectRequest request;
    private final Place place;
    private final List<CatalogEntry> all;
    private final Candidates candidates;
    private final ServerChoice choice;
    private final Function<SelectRequest, RestorePlan> usual;
    private final Instant now;
    private final List<Preflight> preflights = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> byDump = new ArrayList<>();
    private long seconds;

    /** @param usual plans databases and files, without whole servers */
    SelectServers(
            Service service, SelectRequest request, Place place, Stores stores, Keys keys, Catalog catalog, Clock clock,
            Function<SelectRequest, RestorePlan> usual) {
        this.service = service;
        this.request = request;
        this.place = place;
        this.usual = usual;
        this.now = clock.instant();
        this.all = catalog.list(service.name());
        RestorePoint point = RestorePoint.of(request.restoreTo(), all, now);
        this.candidates = new Candidates(request, point, all, keys, place);
        this.choice = new ServerChoice(request, point, stores, keys, all, candidates, place, now);
    }

    RestorePlan run() {
        List<ServerTarget> servers = request.servers().stream().flatMap(name -> server(service.database(name)).stream()).toList();
        if (byDump.isEmpty() && request.fileSets().isEmpty()) {
            return plan(servers, Optional.empty());
        }
        return plan(servers, Optional.of(usual.apply(request.of(byDump))));
    }

    private Optional<ServerTarget> server(Database db) {
        ServerPreflight preflight = new ServerPreflight(db);
        boolean up = preflight.up();
        List<Database> on = service.databasesOnServerOf(db);
        Optional<ServerChoice.Found> found = db.place().isEmpty() ? Optional.empty() : choice.choose(db, traces(on), up);
        dumps(on, found);
        if (found.isEmpty()) {
            insteadByDump(db, on, up);
            return Optional.empty();
        }
        ServerChoice.Found good = found.get();
        ServerPreflight.Asked asked = preflight.run(good);
        preflights.add(asked.preflight());
        warnings.addAll(asked.warnings());
        long takes = OVERHEAD_SECONDS + good.bytes() / LAID_BYTES_PER_SECOND + good.walBytes() / REPLAYED_BYTES_PER_SECOND
                + good.bytes() / READ_BYTES_PER_SECOND;
        seconds = Math.max(seconds, takes);
        candidates.costs(db.name(), good.base().id().value(), age(good.to().at()), null, takes);
        tellOfOthers(db, on);
        var data = db.place().orElseThrow().data();
        return Optional.of(new ServerTarget(
                db.name(), on.stream().map(Database::name).toList(), good.base().id().value(), good.store(), good.to().at(), good.bytes(),
                data.toString(), Names.besidePath(data, request.incident()).toString(),
                Names.setAsidePath(data, request.incident()).toString(), good.to()));
    }

    private List<Evidence.Trace> traces(List<Database> on) {
        return Stream.ofNullable(request.evidence())
                .flatMap(evidence -> evidence.databases().stream())
                .filter(source -> on.stream().anyMatch(db -> db.name().equals(source.name())))
                .flatMap(source -> source.traces().stream())
                .toList();
    }

    /** What the newest sound dump of each database would lose and take instead. */
    private void dumps(List<Database> on, Optional<ServerChoice.Found> found) {
        for (Database db : on) {
            all.stream()
                    .filter(entry -> entry.manifest().kind() == BackupKind.LOGICAL && entry.manifest().source().equals(db.name()))
                    .filter(entry -> place.store(entry).isPresent())
                    .findFirst()
                    .filter(entry -> found.isPresent())
                    .ifPresent(entry -> {
                        Manifest dump = entry.manifest();
                        candidates.judged(entry, db.name(), dump.snapshotAt(), Candidates.LOSES_MORE,
                                "a dump of %s alone; the whole server loses %s".formatted(
                                        db.name(), dump.snapshotAt().isBefore(found.get().to().at()) ? "less" : "no less, but is from further back"));
                        candidates.costs(db.name(), dump.id().value(), age(dump.snapshotAt()), null, OVERHEAD_SECONDS
                                + RESTORE_TO_BACKUP * Duration.between(dump.startedAt(), dump.finishedAt()).toSeconds());
                    });
        }
    }

    private void insteadByDump(Database db, List<Database> on, boolean up) {
        FailureException none = db.place().isEmpty() ? ServerFolders.notInPlan(db) : none(db);
        if (!up) {
            throw none;
        }
        warnings.add("%s Its databases come back from their dumps instead.".formatted(none.failure().what()));
        on.stream().map(Database::name).filter(this::damaged).forEach(byDump::add);
    }

    /** All of them when nobody knows which. */
    private boolean damaged(String database) {
        return request.evidence() == null
                || request.evidence().databases().stream().noneMatch(Evidence.Source::damaged)
                || request.evidence().databases().stream().anyMatch(source -> source.name().equals(database) && source.damaged());
    }

    private FailureException none(Database db) {
        String refused = candidates.judged().stream()
                .filter(one -> one.source().equals(db.name()))
                .map(one -> one.backup() + ": " + one.why())
                .collect(Collectors.joining("; "));
        return new Failure("no-unaffected-backup",
                        "No base backup of the server of %s can bring it back.%s".formatted(
                                db.name(), refused.isEmpty() ? " There is none." : " " + refused + "."),
                        "Nothing was changed; what is left of the server is still there.",
                        "Name another moment (--to), check the base backups (firedrill backups), or restore its databases onto a new server.")
                .lasting();
    }

    private void tellOfOthers(Database db, List<Database> on) {
        List<String> known = on.stream().map(Database::dbname).toList();
        try (Server server = Server.open(db)) {
            List<String> others = server.column("select datname from pg_database where not datistemplate and datname <> 'postgres' order by 1")
                    .stream().filter(name -> !known.contains(name)).toList();
            if (!others.isEmpty()) {
                warnings.add("Everything on the server of %s is away meanwhile and comes back as of the same moment, also %s.".formatted(
                        db.name(), String.join(", ", others)));
            }
        } catch (FailureException e) {
            warnings.add("Everything on the server of %s comes back as of the same moment, also databases that the plan does not name."
                    .formatted(db.name()));
        }
    }

    private long age(Instant at) {
        return Math.max(0, Duration.between(at, now).toSeconds());
    }

    private RestorePlan plan(List<ServerTarget> servers, Optional<RestorePlan> others) {
        long lost = servers.stream().mapToLong(target -> age(target.snapshotAt())).max().orElse(0);
        List<Candidate> judged = Stream.concat(candidates.judged().stream(), others.stream().flatMap(o -> o.candidates().stream())).toList();
        return new RestorePlan(
                now,
                others.map(RestorePlan::databases).orElse(List.of()),
                others.map(RestorePlan::fileSets).orElse(List.of()),
                others.map(RestorePlan::tables).orElse(List.of()),
                Math.max(lost, others.map(RestorePlan::lostSeconds).orElse(0L)),
                Math.max(seconds, others.map(RestorePlan::estimatedSeconds).orElse(0L)),
                servers.isEmpty() ? Objects.requireNonNull(others.orElseThrow().estimatedFrom()) : "estimated from measured rates",
                Stream.concat(preflights.stream(), others.stream().flatMap(o -> o.preflights().stream())).toList(),
                judged,
                Stream.concat(warnings.stream(), others.stream().flatMap(o -> o.warnings().stream())).toList(),
                servers);
    }
}
