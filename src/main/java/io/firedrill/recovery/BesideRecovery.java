package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.diagnosis.ServiceChecks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.proof.DatabaseProof;
import io.firedrill.proof.FilesProof;
import io.firedrill.proof.Measure;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Recovery as this program does it: everything is restored beside the damage, proven, and swapped in by name. */
public final class BesideRecovery implements Recovery {
    private static final int PROVING_SESSIONS = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

    private final RecoveryPlan plan;
    private final Stores stores;
    private final Keys keys;
    private final Catalog catalog;
    private final Clock clock;

    public BesideRecovery(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.keys = keys;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public RestorePlan select(SelectRequest request) {
        return new SelectBackup(plan.service(request.service()), request, stores, keys, catalog, clock).run();
    }

    @Override
    public Fenced fence(String service, String incident, RestorePlan what) {
        return new Fence(plan.service(service), clock).fence(what);
    }

    @Override
    public RestoredDatabase restoreDatabase(String service, DatabaseTarget target, Progress progress) {
        Database db = plan.service(service).database(target.database());
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return judging(shelf, () -> new RestoreDatabase(db, target, shelf, progress).run());
    }

    @Override
    public Proof proveDatabase(String service, DatabaseTarget target, Progress progress) {
        Database beside = plan.service(service).database(target.database()).onDatabase(target.beside());
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        Manifest manifest = shelf.manifest();
        return DatabaseProof.compare(
                Objects.requireNonNull(manifest.contents(), "a logical backup has contents"),
                Measure.databaseWithInventory(beside, null, PROVING_SESSIONS,
                        (what, done, total, unit) -> progress.at("proving " + what, done, total, unit)),
                shelf::inventory);
    }

    @Override
    public RestoredFiles restoreFiles(String service, FilesTarget target, Progress progress) {
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return judging(shelf, () -> new RestoreFiles(target, shelf, progress).run());
    }

    @Override
    public Proof proveFiles(String service, FilesTarget target, Progress progress) {
        Shelf shelf = Shelf.open(stores, keys, target.store(), target.backup());
        return FilesProof.compare(
                shelf.listing(), Measure.entries(Path.of(target.beside()), progress), LocalPostgres.root());
    }

    @Override
    public CutOver cutOver(String service, String incident, RestorePlan what) {
        CutOverDatabases databases = new CutOverDatabases(plan.service(service), incident);
        List<CutOverFiles> folders = what.fileSets().stream().map(target -> new CutOverFiles(target, incident)).toList();
        databases.requireReady(what.databases());
        folders.forEach(CutOverFiles::requireReady);
        long began = System.nanoTime();
        databases.cutOver(what.databases());
        folders.forEach(CutOverFiles::cutOver);
        double away = (System.nanoTime() - began) / 1e9;
        List<Swap> swaps = new ArrayList<>();
        what.databases().forEach(target -> swaps.add(new Swap("database", target.database(), target.dbname(),
                target.setAside(), databases.bytes(target, target.setAside()))));
        what.fileSets().forEach(target -> swaps.add(new Swap("files", target.fileSet(), target.path(),
                target.setAside(), CutOverFiles.bytes(Path.of(target.setAside())))));
        return new CutOver(clock.instant(), away, swaps);
    }

    @Override
    public CutOver swapBack(String service, String incident, RestorePlan what) {
        CutOverDatabases databases = new CutOverDatabases(plan.service(service), incident);
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
        return new CutOver(clock.instant(), away, swaps);
    }

    @Override
    public Instant unfence(String service, String incident, RestorePlan what) {
        return new Fence(plan.service(service), clock).unfence(what);
    }

    @Override
    public void discard(String service, String incident, RestorePlan what) {
        Service of = plan.service(service);
        for (DatabaseTarget target : what.databases()) {
            try (Server server = Server.open(of.database(target.database()))) {
                new BesideDatabase(server, target.beside()).drop();
            }
        }
        for (FilesTarget target : what.fileSets()) {
            Path beside = Path.of(target.beside());
            remove(beside);
            remove(Names.partial(beside));
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
    public List<CheckResult> check(String service, boolean fenced) {
        return new ServiceChecks(plan.service(service))
                .run(fenced).stream()
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
            }
            Manifest manifest = Shelf.open(stores, keys, target.store(), target.backup()).manifest();
            var facts = Objects.requireNonNull(manifest.database(), "a logical backup has facts of its database");
            lost.addAll(new MeasureLoss(db, target, facts.snapshotXmax()).run());
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
