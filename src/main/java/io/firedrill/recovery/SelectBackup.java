package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.recovery.RestorePlan.TablesTarget;
import io.firedrill.recovery.surgical.TableName;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import io.firedrill.tool.Words;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides what a recovery will do: the newest backup of each source that is sound, unaffected and restorable here. */
final class SelectBackup {
    private final Service service;
    private final SelectRequest request;
    private final Place place;
    private final Stores stores;
    private final Keys keys;
    private final List<CatalogEntry> all;
    private final RestorePoint point;
    private final Candidates candidates;
    private final Path home;
    private final Instant now;
    private final MeasuredRecoveries measured;
    private final List<Preflight> preflights = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Duration taken = Duration.ZERO;
    private long scratchSeconds;

    /** @param home folder of scratch servers */
    SelectBackup(
            Service service, SelectRequest request, Place place, Stores stores, Keys keys, Catalog catalog,
            MeasuredRecoveries measured, Path home, Clock clock) {
        this.service = service;
        this.request = request;
        this.place = place;
        this.stores = stores;
        this.keys = keys;
        this.measured = measured;
        this.home = home;
        this.now = clock.instant();
        this.all = catalog.list(service.name());
        this.point = RestorePoint.of(request.restoreTo(), all, now);
        this.candidates = new Candidates(request, point, all, keys, place);
    }

    RestorePlan run() {
        if (request.databases().isEmpty() && request.fileSets().isEmpty() && request.tables().isEmpty() && request.paths().isEmpty()) {
            throw new Failure("nothing-to-restore", "No database and no file set was named.", "Nothing was changed.",
                            "Name at least one of the service's databases or file sets.")
                    .lasting();
        }
        List<String> ofDatabases = Stream.concat(request.databases().stream(), request.tables().keySet().stream()).toList();
        List<String> ofFiles = Stream.concat(request.fileSets().stream(), request.paths().keySet().stream()).toList();
        if (point.position() != null && !ofFiles.isEmpty()) {
            throw new Failure("position-of-files", "%s is a WAL position; %s are files, which have none.".formatted(
                                    point.position(), String.join(", ", ofFiles)),
                            "Nothing was changed.", "Restore only databases to it (--only), or name a moment.")
                    .lasting();
        }
        if (point.position() != null && ofDatabases.stream().map(this::address).distinct().count() > 1) {
            throw new Failure("position-of-servers", "%s is a position of one server's WAL; %s lie on several servers.".formatted(
                                    point.position(), String.join(", ", ofDatabases)),
                            "Nothing was changed.", "Restore the databases of one server to it (--only), or name a moment.")
                    .lasting();
        }
        List<DatabaseTarget> databases = request.databases().stream().map(this::database).toList();
        List<TablesTarget> tables = request.tables().entrySet().stream().map(entry -> tables(entry.getKey(), entry.getValue())).toList();
        List<FilesTarget> fileSets = Stream.concat(
                        request.fileSets().stream().map(name -> files(name, null)),
                        request.paths().entrySet().stream().flatMap(entry -> entry.getValue().stream().map(inside -> files(entry.getKey(), inside))))
                .toList();
        requireRoomForAll();
        Estimate estimate = Estimate.of(Stream.concat(databases.stream(), tables.stream().map(TablesTarget::copy)).toList(), fileSets,
                measured.latest(service.name()), taken, scratchSeconds);
        RestorePlan plan = new RestorePlan(now, databases, fileSets, tables, 0, estimate.seconds(), estimate.from(), List.copyOf(preflights),
                candidates.judged(), List.copyOf(warnings), List.of());
        return plan.losing(plan.oldestSnapshot().map(this::age).orElse(0L));
    }

    private String address(String database) {
        Database db = place.database(database);
        return db.host().toLowerCase(Locale.ROOT) + ":" + db.port();
    }

    /** Each fits by itself; what lands on one disk must fit together. */
    private void requireRoomForAll() {
        Map<String, List<Preflight>> byDisk = preflights.stream()
                .filter(one -> one.disk() != null && one.freeBytes() != null)
                .collect(Collectors.groupingBy(one -> String.valueOf(one.disk())));
        byDisk.forEach((disk, there) -> {
            long needed = there.stream().mapToLong(Preflight::neededBytes).sum();
            long free = there.stream().map(Preflight::freeBytes).filter(Objects::nonNull).mapToLong(Long::longValue).min().orElse(0);
            if (needed > free) {
                throw new Failure(
                                "target-disk-full",
                                "%s has %s free; restoring %s beside what is there needs about %s together.".formatted(
                                        disk, Words.bytes(free), there.stream().map(Preflight::name).collect(Collectors.joining(", ")),
                                        Words.bytes(needed)),
                                "There is no room for all of it; nothing was changed.",
                                "Free space or add some, or restore part of it (--only), then try again.")
                        .lasting();
            }
        });
    }

    private void remember(Manifest manifest) {
        Duration one = took(manifest);
        taken = one.compareTo(taken) > 0 ? one : taken;
    }

    /** From a dump, or from a base backup brought to a moment: whichever loses less. */
    private DatabaseTarget database(String name) {
        Database db = place.database(name);
        Optional<Evidence.Source> evidence = evidence(Evidence::databases, name);
        Optional<MomentChoice.Found> moment = place.scratch() == null ? moment(db, evidence) : Optional.empty();
        Optional<Candidates.Chosen> dump = dump(name, evidence, moment.isPresent());
        boolean byMoment = moment.isPresent()
                && (dump.isEmpty() || moment.get().at().isAfter(dump.get().manifest().snapshotAt()));
        cost(name, moment, dump);
        if (byMoment) {
            dump.ifPresent(other -> candidates.passOver(name, other.manifest().id().value(), "a base backup with WAL loses less"));
            return toMoment(name, db, moment.get(), dump);
        }
        moment.ifPresent(other -> candidates.passOver(name, other.base().id().value(), "a dump loses less"));
        return fromDump(name, db, dump.orElseThrow());
    }

    private Optional<MomentChoice.Found> moment(Database db, Optional<Evidence.Source> evidence) {
        MomentChoice choice = new MomentChoice(service, request, point, stores, keys, all, candidates, place, home);
        Optional<MomentChoice.Found> found = choice.choose(db, evidence);
        warnings.addAll(choice.warnings());
        return found;
    }

    private Optional<Candidates.Chosen> dump(String name, Optional<Evidence.Source> evidence, boolean another) {
        try {
            return Optional.of(candidates.choose(name, BackupKind.LOGICAL, evidence));
        } catch (FailureException e) {
            if (another) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** What each of them would lose and take, for whoever approves. */
    private void cost(String name, Optional<MomentChoice.Found> moment, Optional<Candidates.Chosen> dump) {
        if (place.scratch() != null) {
            return;
        }
        @Nullable Long next = nextTransaction(place.database(name));
        moment.ifPresent(found -> candidates.costs(name, found.base().id().value(), age(found.at()),
                next == null || found.xid() == null ? null : (next - found.xid()) & 0xffffffffL, seconds(found)));
        dump.ifPresent(chosen -> candidates.costs(name, chosen.manifest().id().value(), age(chosen.manifest().snapshotAt()),
                next == null ? null : next - Objects.requireNonNull(chosen.manifest().database()).snapshotXmax(),
                Estimate.ofDump(took(chosen.manifest()))));
    }

    private long age(Instant at) {
        return Math.max(0, Duration.between(at, now).toSeconds());
    }

    private static @Nullable Long nextTransaction(Database db) {
        try (Server server = Server.open(db)) {
            return server.value("select txid_snapshot_xmax(txid_current_snapshot())").map(Long::parseLong).orElse(null);
        } catch (FailureException e) {
            return null;
        }
    }

    /** Laying out takes about what taking it took. */
    private static long seconds(MomentChoice.Found found) {
        return Estimate.ofMoment(took(found.base()), found.scratchBytes());
    }

    private static Duration took(Manifest manifest) {
        return Duration.between(manifest.startedAt(), manifest.finishedAt());
    }

    private DatabaseTarget toMoment(String name, Database db, MomentChoice.Found found, Optional<Candidates.Chosen> dump) {
        long bytes = databaseBytes(db, found);
        dump.ifPresentOrElse(
                chosen -> preflight(db, chosen, found.readBytes()),
                () -> preflights.add(new Preflight(name, "%s:%d".formatted(db.host(), db.port()), found.readBytes(), bytes, null, null,
                        List.of())));
        preflights.add(ScratchFolder.preflight(home, name, found));
        scratchSeconds = Math.max(scratchSeconds, seconds(found) - Estimate.OVERHEAD_SECONDS);
        tellIfGone(db);
        return new DatabaseTarget(name, db.dbname(), found.base().id().value(), found.store(), found.at(), 0, 0, bytes,
                Names.beside(db.dbname(), request.incident()), Names.setAside(db.dbname(), request.incident()), null, found.to());
    }

    private static long databaseBytes(Database db, MomentChoice.Found found) {
        try (Server server = Server.open(db)) {
            return server.value("select pg_database_size(datname) from pg_database where datname = ?", db.dbname())
                    .map(Long::parseLong)
                    .orElseGet(() -> found.base().clusterBytes());
        }
    }

    private DatabaseTarget fromDump(String name, Database db, Candidates.Chosen chosen) {
        Shelf shelf = preflight(db, chosen, 0);
        Manifest manifest = shelf.manifest();
        var contents = Objects.requireNonNull(manifest.contents(), "a logical backup has contents");
        remember(manifest);
        if (place.scratch() == null) {
            tellIfGone(db);
        }
        return new DatabaseTarget(name, db.dbname(), manifest.id().value(), chosen.store(), manifest.snapshotAt(),
                contents.tables().size(), contents.rows(), shelf.need("dump").plainBytes(),
                Names.beside(db.dbname(), request.incident()), Names.setAside(db.dbname(), request.incident()), place.scratch());
    }

    /** Asks the server whether it can take what this dump is of; {@code readBytes} 0: the dump itself is fetched. */
    private Shelf preflight(Database db, Candidates.Chosen chosen, long readBytes) {
        // Reading the inventory also shows that the key opens this backup.
        Shelf shelf = Shelf.open(stores, keys, chosen.store(), chosen.manifest().id().value());
        shelf.requireTools();
        var facts = Objects.requireNonNull(shelf.manifest().database(), "a logical backup has facts of its database");
        DatabasePreflight.Asked asked = new DatabasePreflight(db, facts, shelf.inventory())
                .run(readBytes > 0 ? readBytes : shelf.storedBytes());
        preflights.add(asked.preflight());
        warnings.addAll(asked.warnings());
        return shelf;
    }

    private void tellIfGone(Database db) {
        try (Server server = Server.open(db)) {
            if (!server.exists(db.dbname())) {
                warnings.add("Database %s is not there any more; the restored one gets its name.".formatted(db.dbname()));
            }
        }
    }

    /** The live database must be there to take them. */
    private TablesTarget tables(String name, List<TableName> wanted) {
        DatabaseTarget copy = database(name);
        DatabaseContents recorded = Shelf.open(stores, keys, copy.store(), copy.backup()).manifest().contents();
        return new TablesTarget(name, copy, Names.sideSchema(request.incident()), LiveTables.look(place.database(name), wanted, recorded));
    }

    /** {@code inside}: only that; null: all of it. */
    private FilesTarget files(String name, @Nullable String inside) {
        var chosen = candidates.choose(name, BackupKind.FILES, evidence(Evidence::fileSets, name));
        Shelf shelf = Shelf.open(stores, keys, chosen.store(), chosen.manifest().id().value());
        shelf.requireTools();
        Manifest manifest = chosen.manifest();
        if (inside != null) {
            remember(manifest);
            PartOfFiles.Wanted part = PartOfFiles.look(name, place.path(name), inside, shelf, request.incident(), chosen.store());
            preflights.add(part.preflight());
            return part.target();
        }
        Path path = place.path(name);
        FileTreeContents contents = Objects.requireNonNull(manifest.files(), "a files backup has contents");
        preflights.add(new FilesPreflight(name, path, contents)
                .run(manifest.parts().stream().mapToLong(Manifest.Part::storedBytes).sum()));
        remember(manifest);
        return new FilesTarget(name, path.toString(), chosen.manifest().id().value(), chosen.store(),
                chosen.manifest().snapshotAt(), contents.files(), contents.bytes(),
                Names.besidePath(path, request.incident()).toString(), Names.setAsidePath(path, request.incident()).toString());
    }

    private Optional<Evidence.Source> evidence(Function<Evidence, List<Evidence.Source>> kind, String name) {
        return Stream.ofNullable(request.evidence()).flatMap(evidence -> kind.apply(evidence).stream()).filter(source -> source.name().equals(name)).findFirst();
    }
}
