package io.firedrill.diagnosis;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.diagnosis.Evidence.Source;
import io.firedrill.diagnosis.server.Primary;
import io.firedrill.diagnosis.server.ServerProbe;
import io.firedrill.diagnosis.server.Signal;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.proof.TreeListing;
import io.firedrill.replication.Replications;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Diagnosis as this program does it: every database, every folder and every check at once, each with a deadline. */
public final class Probes implements Diagnosis {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int BACKUPS_LOOKED_AT = 5;

    private final RecoveryPlan plan;
    private final Stores stores;
    private final Keys keys;
    private final Catalog catalog;
    private final Clock clock;

    public Probes(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.keys = keys;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public Evidence collect(String serviceName, Progress progress) {
        Service service = plan.service(serviceName);
        List<Finding> findings = new ArrayList<>();
        List<CatalogEntry> backups = backups(service, findings);
        ExecutorService together = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Future<List<ServiceChecks.Outcome>> checks = together.submit(() -> new ServiceChecks(service).run(false));
            long end = System.nanoTime() + DEADLINE.toNanos();
            BooleanSupplier checksFail =
                    () -> await(checks, end, late -> List.<ServiceChecks.Outcome>of()).stream().anyMatch(one -> !one.passed());
            List<Future<SourceReport>> databases = service.databases().values().stream()
                    .map(db -> together.submit(() -> new DatabaseProbe(
                            Primary.of(db), verified(backups, db.name(), BackupKind.LOGICAL), checksFail, progress).run()))
                    .toList();
            List<Future<SourceReport>> folders = service.fileSets().values().stream()
                    .map(files -> together.submit(new FilesProbe(
                            files, verified(backups, files.name(), BackupKind.FILES), manifest -> listing(backups, manifest), progress)::run))
                    .toList();
            List<Future<List<Signal>>> servers = service.servers().stream()
                    .map(db -> together.submit(() -> new ServerProbe(Primary.of(db), clock.instant()).run()))
                    .toList();
            Future<StandbyProbe.Report> standbys = together.submit(() -> service.replication().isEmpty()
                    ? StandbyProbe.Report.NONE
                    : new StandbyProbe(new Replications(plan, clock).of(service.name())).run());
            List<SourceReport> ofDatabases = reports(databases, List.copyOf(service.databases().keySet()), "down", end);
            List<SourceReport> ofFolders = reports(folders, List.copyOf(service.fileSets().keySet()), "up", end);
            List<String> failed = failed(await(checks, end, late -> List.of()), findings);
            List<Signal> ofServers = servers.stream().flatMap(server -> await(server, end, late -> List.of()).stream()).toList();
            boolean any = backups.stream().anyMatch(Probes::verified);
            StandbyProbe.Report ofStandbys = await(standbys, end, why -> new StandbyProbe.Report(
                    0, 0, List.of(new Finding("warning", "standbys", why))));
            boolean whole = wholeServer(service, ofDatabases, backups);
            return new Summary(ofDatabases, ofFolders, ofServers, failed, any, whole, ofStandbys)
                    .evidence(clock.instant(), findings, new Ways(service, backups, clock.instant()).of(ofDatabases, ofFolders, whole));
        } finally {
            // Not closed, which would wait: what hangs must not hold up the diagnosis.
            together.shutdownNow();
        }
    }

    private List<CatalogEntry> backups(Service service, List<Finding> findings) {
        try {
            return catalog.list(service.name());
        } catch (FailureException e) {
            findings.add(new Finding("warning", "backups", e.failure().what()));
            return List.of();
        }
    }

    private static List<Manifest> verified(List<CatalogEntry> backups, String source, BackupKind kind) {
        return backups.stream()
                .filter(entry -> entry.manifest().source().equals(source) && entry.manifest().kind() == kind && verified(entry))
                .map(CatalogEntry::manifest)
                .limit(BACKUPS_LOOKED_AT)
                .toList();
    }

    /** Of the servers that have damage or do not answer; of all when there is none. One that failed over lives elsewhere now. */
    private static boolean wholeServer(Service service, List<SourceReport> reports, List<CatalogEntry> backups) {
        List<Database> hit = reports.stream()
                .filter(report -> report.source().damaged() || !report.server().equals("up"))
                .map(report -> service.serverOf(service.database(report.source().name())))
                .distinct()
                .toList();
        List<Database> servers = hit.isEmpty() ? service.servers() : hit;
        return !servers.isEmpty() && servers.stream().allMatch(db -> Primary.of(db).place().isPresent()
                && backups.stream().anyMatch(entry -> entry.manifest().kind() == BackupKind.PHYSICAL
                        && entry.manifest().source().equals(db.name()) && verified(entry)));
    }

    private static boolean verified(CatalogEntry entry) {
        return entry.copies().stream().anyMatch(copy -> copy.state() == CatalogEntry.State.VERIFIED);
    }

    private List<TreeListing.Entry> listing(List<CatalogEntry> backups, Manifest backup) {
        CatalogEntry.Copy copy = backups.stream()
                .filter(entry -> entry.manifest().id().equals(backup.id()))
                .flatMap(entry -> entry.copies().stream())
                .filter(one -> one.state() == CatalogEntry.State.VERIFIED)
                .findFirst()
                .orElseThrow();
        Store store = stores.byName(copy.store());
        Manifest there = Manifests.read(store, backup.id());
        Manifest.Part part = there.parts().stream().filter(one -> one.role().equals("listing")).findFirst().orElseThrow();
        try (InputStream in = SealedReader.open(store, part, keys)) {
            return TreeListing.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> failed(List<ServiceChecks.Outcome> outcomes, List<Finding> findings) {
        List<String> failed = new ArrayList<>();
        for (ServiceChecks.Outcome outcome : outcomes) {
            if (!outcome.passed()) {
                failed.add(outcome.name());
                findings.add(new Finding("warning", outcome.name(), "The check fails: %s.".formatted(outcome.detail())));
            }
        }
        return failed;
    }

    private static List<SourceReport> reports(List<Future<SourceReport>> futures, List<String> names, String silent, long end) {
        List<SourceReport> reports = new ArrayList<>();
        for (int i = 0; i < futures.size(); i++) {
            Source source = new Source(names.get(i), false, null, List.of());
            reports.add(await(futures.get(i), end, why -> SourceReport.silent(
                    source, silent, List.of(new Finding("warning", source.name(), why)))));
        }
        return reports;
    }

    private static <T> T await(Future<T> future, long end, Function<String, T> otherwise) {
        Callable<T> get = () -> future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        try {
            return get.call();
        } catch (TimeoutException e) {
            return otherwise.apply("It could not be looked at within %d s.".formatted(DEADLINE.toSeconds()));
        } catch (ExecutionException e) {
            return otherwise.apply("It could not be looked at: %s".formatted(
                    e.getCause() instanceof FailureException own ? own.failure().what() : e.getCause()));
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return otherwise.apply("Looking at it was cancelled.");
        }
    }
}
