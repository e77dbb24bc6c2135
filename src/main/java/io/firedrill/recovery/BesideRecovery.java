package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.diagnosis.ServiceChecks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.BaseBackups;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.recovery.RestorePlan.TablesTarget;
import io.firedrill.recovery.surgical.PutBack;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recovery as this program does it: everything is restored beside the damage, proven, and swapped in by name. */
public final class BesideRecovery implements Recovery {
    private final RecoveryPlan plan;
    private final Stores stores;
    private final Keys keys;
    private final Catalog catalog;
    private final MeasuredRecoveries measured;
    private final Path scratchServers;
    private final Path spools;
    private final Clock clock;

    /**
     * @param measured what estimates rest on
     * @param scratchServers folder of this host for scratch servers, made when needed
     * @param spools folder of this host for WAL that is being received
     */
    public BesideRecovery(
            RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, MeasuredRecoveries measured, Path scratchServers,
            Path spools, Clock clock) {
        this.spools = spools;
        this.scratchServers = scratchServers;
        this.measured = measured;
        this.plan = plan;
        this.stores = stores;
        this.keys = keys;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Scope scope(String service, String strategy, @Nullable List<String> only, Evidence evidence) {
        return Scope.of(plan.service(service), strategy, only, evidence, known(service));
    }

    @Override
    public void requireKnown(String service, List<String> only) {
        Scope.named(plan.service(service), only, known(service));
    }

    @Override
    public Evidence weigh(String service, Evidence evidence) {
        return new WaysBack(plan.service(service), catalog.list(service), clock.instant()).of(evidence);
    }

    private KnownTables known(String service) {
        return new KnownTables(plan.service(service), catalog.list(service));
    }

    @Override
    public RestorePlan select(SelectRequest request) {
        if (!request.servers().isEmpty()) {
            return new SelectServers(plan.service(request.service()), request, Place.live(plan, request.service()), stores, keys, catalog,
                            clock, this::select)
                    .run();
        }
        return new SelectBackup(plan.service(request.service()), request, Place.live(plan, request.service()), stores, keys, catalog, measured, scratchServers, clock)
                .run();
    }

    @Override
    public RestorePlan selectForDrill(String service, String drill, Scratch scratch) {
        Service whole = plan.service(service);
        SelectRequest request = new SelectRequest(service, drill, List.copyOf(whole.databases().keySet()),
                List.copyOf(whole.fileSets().keySet()), "latest", null, List.of(), null);
        return new SelectBackup(whole, request, Place.scratch(plan, service, scratch), stores, keys, catalog, measured, scratchServers, clock).run();
    }

    @Override
    public List<CheckResult> checkDrill(String service, RestorePlan what) {
        Map<String, Database> restored = new LinkedHashMap<>();
        what.databases().forEach(target -> restored.put(target.database(),
                target.on(plan.service(service).database(target.database())).onDatabase(target.beside())));
        return results(new ServiceChecks(plan.service(service)).runOn(restored));
    }

    @Override
    public Fenced fence(String service, String incident, RestorePlan what) {
        if (what.onlyTables()) {
            return new Fenced(clock.instant(), 0, List.of());
        }
        Fenced fenced = new Fence(plan.service(service), clock).fence(what);
        long ended = what.servers().stream()
                .mapToLong(target -> ServerFence.fence(plan.service(service).database(target.server())))
                .sum();
        return new Fenced(fenced.fencedAt(), fenced.sessionsEnded() + ended, fenced.held());
    }

    @Override
    public RestoredDatabase restoreDatabase(String service, DatabaseTarget target, Progress progress) {
        Database db = target.on(plan.service(service).database(target.database()));
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return judging(shelf, () -> new RestoreDatabase(db, target, () -> source(shelf, target, db, progress), progress).run());
    }

    private DumpSource source(Shelf shelf, DatabaseTarget target, Database db, Progress progress) {
        return target.pointInTime() == null
                ? ShelfDump.open(shelf)
                : MomentSource.open(new ScratchFolder(scratchServers, target), new BaseBackups(plan, keys).restore(stores.byName(target.store()), shelf.manifest()),
                        shelf.manifest(), target.pointInTime(), db, progress);
    }

    @Override
    public Proof proveDatabase(String service, DatabaseTarget target, Progress progress) {
        Database beside = target.on(plan.service(service).database(target.database())).onDatabase(target.beside());
        return target.pointInTime() == null
                ? Proving.database(beside, Shelf.open(stores, keys, target.store(), target.backup()), progress)
                : Proving.database(beside, new ScratchFolder(scratchServers, target), progress);
    }

    @Override
    public RestoredFiles restoreFiles(String service, FilesTarget target, Progress progress) {
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return judging(shelf, () -> new RestoreFiles(target, shelf, progress).run());
    }

    @Override
    public Proof proveFiles(String service, FilesTarget target, Progress progress) {
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return Proving.files(Path.of(target.beside()), target.inside(), shelf, progress);
    }

    @Override
    public ServerRestored restoreServer(String service, ServerTarget target, Progress progress) {
        Database db = plan.service(service).database(target.server());
        ServerFolders folders = ServerFolders.of(target, db);
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return judging(shelf, () -> new RestoreServer(
                        db, target, folders, new BaseBackups(plan, keys).restore(stores.byName(target.store()), shelf.manifest()),
                        shelf.manifest(), spools, progress)
                .run());
    }

    @Override
    public Proof proveServer(String service, ServerTarget target, Progress progress) {
        Service of = plan.service(service);
        return new ProveServer(of, target, ServerFolders.of(target, of.database(target.server())), progress).run();
    }

    @Override
    public ServerSwap cutOverServer(String service, ServerTarget target) {
        return swapping(service, target).cutOver();
    }

    @Override
    public ServerSwap swapBackServer(String service, ServerTarget target) {
        return swapping(service, target).swapBack();
    }

    @Override
    public void discardServer(String service, ServerTarget target) {
        ServerFolders.of(target, plan.service(service).database(target.server())).remove();
    }

    private CutOverServer swapping(String service, ServerTarget target) {
        Database db = plan.service(service).database(target.server());
        return new CutOverServer(target, db, ServerFolders.of(target, db));
    }

    @Override
    public RestorePlan compareTables(String service, RestorePlan what, Progress progress) {
        return new RecoverTables(plan.service(service)).compare(what, progress);
    }

    @Override
    public CutOver cutOver(String service, String incident, RestorePlan what, PutBack.Wish wish, Progress progress) {
        CutOverDatabases databases = new CutOverDatabases(plan.service(service), incident);
        List<CutOverFiles> folders = what.fileSets().stream().map(target -> new CutOverFiles(target, incident)).toList();
        databases.requireReady(what.databases());
        folders.forEach(CutOverFiles::requireReady);
        RecoverTables tables = new RecoverTables(plan.service(service));
        List<TableBack> back = tables.putBack(what, wish, progress);
        long began = System.nanoTime();
        databases.cutOver(what.databases());
        folders.forEach(CutOverFiles::cutOver);
        double away = (System.nanoTime() - began) / 1e9;
        removeScratch(what);
        List<Swap> swaps = new ArrayList<>();
        what.databases().forEach(target -> swaps.add(new Swap("database", target.database(), target.dbname(),
                target.setAside(), databases.bytes(target, target.setAside()))));
        what.fileSets().forEach(target -> swaps.add(new Swap("files", target.fileSet(), target.path(),
                target.setAside(), CutOverFiles.bytes(Path.of(target.setAside())))));
        swaps.addAll(tables.keptBeside(what));
        return new CutOver(clock.instant(), away, swaps, back);
    }

    private void removeScratch(RestorePlan what) {
        Stream.concat(what.databases().stream(), what.tables().stream().map(TablesTarget::copy))
                .filter(target -> target.pointInTime() != null)
                .forEach(target -> new ScratchFolder(scratchServers, target).remove());
    }

    @Override
    public CutOver swapBack(String service, String incident, RestorePlan what) {
        CutOverDatabases databases = new CutOverDatabases(plan.service(service), incident);
        RecoverTables tables = new RecoverTables(plan.service(service));
        tables.takeOut(what);
        long began = System.nanoTime();
        databases.swapBack(what.databases());
        List<CutOverFiles> folders = what.fileSets().stream().map(target -> new CutOverFiles(target, incident)).toList();
        folders.forEach(CutOverFiles::swapBack);
        double away = (System.nanoTime() - began) / 1e9;
        List<Swap> swaps = new ArrayList<>();
        what.databases().forEach(target -> swaps.add(new Swap("database", target.database(), target.dbname(),
                databases.undone(target), databases.bytes(target, databases.undone(target)))));
        for (FilesTarget target : what.fileSets()) {
            Path undone = new CutOverFiles(target, incident).undone();
            swaps.add(new Swap("files", target.fileSet(), target.path(), undone.toString(), CutOverFiles.bytes(undone)));
        }
        swaps.addAll(tables.keptBeside(what));
        return new CutOver(clock.instant(), away, swaps, List.of());
    }

    @Override
    public Instant unfence(String service, String incident, RestorePlan what) {
        for (ServerTarget target : what.servers()) {
            Database db = plan.service(service).database(target.server());
            new CutOverServer(target, db, ServerFolders.of(target, db)).unfence();
        }
        return new Fence(plan.service(service), clock).unfence(what);
    }

    @Override
    public void discard(String service, String incident, RestorePlan what) {
        Service of = plan.service(service);
        removeScratch(what);
        new RecoverTables(of).dropCopies(what);
        for (DatabaseTarget target : what.databases()) {
            try (Server server = Server.open(of.database(target.database()))) {
                new BesideDatabase(server, target.beside()).drop();
            }
        }
        for (FilesTarget target : what.fileSets()) {
            Path beside = Path.of(target.beside());
            remove(beside);
            remove(Names.partial(beside));
            remove(Names.lock(beside));
        }
    }

    private static void remove(Path folder) {
        if (!CutOverFiles.there(folder)) {
            return;
        }
        try {
            FolderRemoval.remove(folder);
        } catch (IOException e) {
            throw new Failure("folder-not-removed", "%s could not be removed: %s.".formatted(folder, e),
                            "It is a restored copy that nobody uses; your own folder is as it was.",
                            "Remove it by hand when you like.")
                    .lasting(e);
        }
    }

    @Override
    public String checkProtection(String service, RestorePlan what, Instant since, Progress progress) {
        return what.servers().stream()
                .map(target -> new Protection(plan.service(service).database(target.server()), plan.service(service).continuousWal(),
                                stores, keys, catalog)
                        .require(service, since))
                .collect(Collectors.joining("; "));
    }

    @Override
    public List<CheckResult> check(String service, boolean fenced) {
        return results(new ServiceChecks(plan.service(service)).run(fenced));
    }

    private static List<CheckResult> results(List<ServiceChecks.Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> new CheckResult(outcome.name(), outcome.passed(), outcome.detail()))
                .toList();
    }

    @Override
    public List<LostRows> measureLoss(String service, RestorePlan what) {
        Service of = plan.service(service);
        List<LostRows> lost = new ArrayList<>();
        for (DatabaseTarget target : what.databases()) {
            Database db = of.database(target.database());
            try (Server server = Server.open(db)) {
                if (!server.exists(target.setAside())) {
                    continue;
                }
                if (target.pointInTime() != null) {
                    Notes.read(server, target.dbname(), Notes.NOT_RESTORED)
                            .ifPresent(note -> lost.addAll(MeasureLoss.sinceMoment(db, target, note).run()));
                    continue;
                }
            }
            Manifest manifest = Shelf.open(stores, keys, target.store(), target.backup()).manifest();
            var facts = Objects.requireNonNull(manifest.database(), "a logical backup has facts of its database");
            lost.addAll(new MeasureLoss(db, target, facts.snapshotXmax(), List.of()).run());
        }
        return lost;
    }

    private <T> T judging(Shelf shelf, Supplier<T> work) {
        try {
            return work.get();
        } catch (FailureException e) {
            shelf.quarantineIfBad(e, catalog, clock);
            throw e;
        }
    }
}
