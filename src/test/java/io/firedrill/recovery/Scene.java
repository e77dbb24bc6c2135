package io.firedrill.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.backup.StoredBackups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.StoreCatalog;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.diagnosis.Probes;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.Check;
import io.firedrill.plan.Database;
import io.firedrill.plan.EncryptionPlan;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ServerPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** A service {@code shop} with one database and one folder, two stores, and what backs it up, looks at it and recovers it. */
public final class Scene implements AutoCloseable {
    public static final String SERVICE = "shop";
    public static final String INCIDENT = "INC-20261123-084512-shop";

    public final ThrowawayPostgres postgres;
    public final Database db;
    public final Path uploads;
    public final RecoveryPlan plan;
    public final Stores stores;
    public final Keys keys;
    public final Catalog catalog;
    public final StoredBackups backups;
    public final BesideRecovery recovery;
    private Instant tick = Instant.parse("2026-11-01T00:00:00Z");

    /** The database is made empty, the folder with a few files. */
    public Scene(ThrowawayPostgres postgres, Path folder, String dbname, Check... checks) throws Exception {
        this(postgres, folder, dbname, new StorePlan.Directory("offsite", folder.resolve("offsite")), checks);
    }

    /** With another store {@code offsite} than a folder. */
    public Scene(ThrowawayPostgres postgres, Path folder, String dbname, StorePlan offsite, Check... checks) throws Exception {
        this(postgres, folder, dbname, offsite, List.of(), checks);
    }

    /** With what the plan lists under {@code backups}. */
    public Scene(
            ThrowawayPostgres postgres, Path folder, String dbname, StorePlan offsite, List<BackupEntry> listed, Check... checks)
            throws Exception {
        this.postgres = postgres;
        for (String left : List.of(dbname, Names.beside(dbname, INCIDENT), Names.setAside(dbname, INCIDENT), Names.undone(dbname, INCIDENT))) {
            postgres.drop(left);
        }
        postgres.create(dbname);
        this.db = postgres.database("orders", dbname).living(new ServerPlan(
                postgres.server().data(), Optional.of(postgres.server().log()), List.of(), List.of(), Optional.empty()));
        this.uploads = Files.createDirectories(folder.resolve("data/uploads"));
        Path keyFile = folder.resolve("backup.key");
        this.keys = Keys.generate(keyFile);
        Map<String, StorePlan> stores = new java.util.LinkedHashMap<>();
        stores.put("local", new StorePlan.Directory("local", folder.resolve("local")));
        stores.put("offsite", offsite);
        Service service = new Service(SERVICE, new Objectives(Duration.ofHours(24), Duration.ofHours(4)),
                Map.of("orders", db), Map.of("uploads", new FileSet("uploads", uploads)), List.of(checks), listed, Approvals.DEFAULT);
        this.plan = new RecoveryPlan(folder.resolve("recovery-plan.yaml"), "0".repeat(64), Map.of(SERVICE, service), stores,
                Optional.of(new EncryptionPlan(keyFile)), List.of(), new EnginePlan.Embedded(), new StatePlan.Embedded());
        this.stores = Stores.open(plan);
        this.catalog = new StoreCatalog(this.stores);
        Clock clock = Clock.systemUTC();
        this.backups = new StoredBackups(plan, this.stores, keys, catalog, clock);
        this.recovery = new BesideRecovery(plan, this.stores, keys, catalog, MeasuredRecoveries.NONE, folder.resolve("scratch"), folder.resolve("wal"), clock);
    }

    public Path local() {
        return plan.file().resolveSibling("local");
    }

    /** Taken and checked. */
    public BackupId dump() {
        BackupId id = BackupId.of(SERVICE, "orders", "logical", next());
        backups.dumpDatabase(SERVICE, "orders", id, Progress.NONE);
        backups.check(id, "local", Progress.NONE);
        return id;
    }

    /** A base backup of the whole server. */
    public BackupId base() {
        BackupId id = BackupId.of(SERVICE, "orders", "physical", next());
        backups.baseBackup(SERVICE, "orders", id, Progress.NONE);
        backups.check(id, "local", Progress.NONE);
        return id;
    }

    public BackupId sync() {
        BackupId id = BackupId.of(SERVICE, "uploads", "files", next());
        backups.syncFiles(SERVICE, "uploads", id, Progress.NONE);
        backups.check(id, "local", Progress.NONE);
        return id;
    }

    public Path keyFile() {
        return plan.file().resolveSibling("backup.key");
    }

    /** A dump and a snapshot of the files, checked, with copies offsite. */
    public List<BackupId> everythingOffsite() {
        List<BackupId> taken = List.of(dump(), sync());
        taken.forEach(id -> backups.copyOffsite(id, "offsite", Progress.NONE));
        return taken;
    }

    /** Only a name: ids tell seconds apart, tests are faster. */
    private Instant next() {
        tick = tick.plusSeconds(60);
        return tick;
    }

    public Evidence diagnose() {
        return new Probes(plan, stores, keys, catalog, Clock.systemUTC()).collect(SERVICE, Progress.NONE);
    }

    public RestorePlan selectDatabase(String... failed) {
        return select(List.of("orders"), List.of(), "latest", null, failed);
    }

    public RestorePlan selectFiles() {
        return select(List.of(), List.of("uploads"), "latest", null);
    }

    public RestorePlan select(List<String> databases, List<String> files, String to, @Nullable Instant began, String... failed) {
        return recovery.select(new SelectRequest(SERVICE, INCIDENT, databases, files, to, began, List.of(failed), diagnose()));
    }

    public void restore(RestorePlan what) {
        what.databases().forEach(target -> recovery.restoreDatabase(SERVICE, target, Progress.NONE));
        what.fileSets().forEach(target -> recovery.restoreFiles(SERVICE, target, Progress.NONE));
    }

    public String rows(String dbname, String table) {
        return postgres.value(dbname, "select count(*) from " + table);
    }

    public static FailureException assertFails(String code, ThrowingCallable call) {
        FailureException failure = catchThrowableOfType(FailureException.class, call);
        assertThat(failure).as("nothing failed").isNotNull();
        assertThat(failure.failure().code()).as(failure.getMessage()).isEqualTo(code);
        return failure;
    }

    @Override
    public void close() {
        stores.close();
        for (String left : List.of(db.dbname(), Names.beside(db.dbname(), INCIDENT), Names.setAside(db.dbname(), INCIDENT), Names.undone(db.dbname(), INCIDENT))) {
            postgres.drop(left);
        }
    }
}
