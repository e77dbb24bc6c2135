package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Check;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.Proof;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.store.BackupId;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseRecoveryIT {
    private static final String DB = "shop's \"orders\"";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private Scene scene;

    @TempDir
    private Path folder;

    @BeforeEach
    void shop() throws Exception {
        scene = new Scene(postgres, folder, DB,
                new Check.Sql("orders exist", "select count(*) > 0 from orders", "orders"),
                new Check.Sql("nothing is negative", "select count(*) = 0 from orders where total < 0", "orders"));
        postgres.sql(DB, "create table orders (id int primary key, total int)",
                "insert into orders select g, g from generate_series(1, 1000) g",
                "create table users (id serial primary key, name text)",
                "insert into users (name) select 'user ' || g from generate_series(1, 50) g");
        postgres.sql("postgres", "alter database \"shop's \"\"orders\"\"\" connection limit 33");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void deletedRowsComeBackAndWhatWasWrittenSinceIsCounted() {
        BackupId backup = scene.dump();
        postgres.sql(DB, "insert into users (name) values ('late one'), ('late two')", "delete from orders where id % 2 = 0");
        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().get(0);
        assertThat(target.backup()).isEqualTo(backup.value());
        assertThat(target.rows()).isEqualTo(1050);

        scene.recovery.fence(SERVICE, INCIDENT, what);
        assertFails("database-fenced", () -> PgConnections.open(scene.db));
        scene.restore(what);
        Proof proof = scene.recovery.proveDatabase(SERVICE, target, Progress.NONE);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
        assertThat(proof.rows()).isEqualTo(1050);

        Recovery.CutOver cutOver = scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(cutOver.swaps()).singleElement().satisfies(swap -> {
            assertThat(swap.current()).isEqualTo(DB);
            assertThat(swap.setAside()).isEqualTo(target.setAside());
            assertThat(swap.setAsideBytes()).isPositive();
        });
        assertThat(scene.recovery.check(SERVICE, true)).hasSize(2).allMatch(Recovery.CheckResult::passed);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
        assertThat(scene.rows(target.setAside(), "orders")).isEqualTo("500");
        assertThat(connectionLimit(DB)).isEqualTo("33");
        assertThat(scene.recovery.measureLoss(SERVICE, what))
                .containsExactly(new Recovery.LostRows("orders", "public", "users", 2));
    }

    @Test
    void setAsideDatabaseCanBeReadButNotChanged() {
        scene.dump();
        postgres.sql(DB, "delete from orders where id % 2 = 0");
        RestorePlan what = cutOver();
        String setAside = what.databases().get(0).setAside();
        assertThat(connectionLimit(setAside)).isEqualTo("0");
        assertThat(postgres.value(setAside, "show default_transaction_read_only")).isEqualTo("on");
        assertThat(scene.rows(setAside, "orders")).isEqualTo("500");
    }

    @Test
    void droppedTableComesBack() {
        scene.dump();
        postgres.sql(DB, "drop table users");
        RestorePlan what = cutOver();
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(scene.rows(DB, "users")).isEqualTo("50");
        postgres.sql(DB, "insert into users (name) values ('next')");
        assertThat(postgres.value(DB, "select max(id) from users")).isEqualTo("51");
    }

    @Test
    void droppedDatabaseComesBackAndItsUndoTakesItAwayAgain() {
        scene.dump();
        postgres.drop(DB);
        RestorePlan what = cutOver();
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
        assertThat(scene.recovery.measureLoss(SERVICE, what)).isEmpty();
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        assertFails("database-missing", () -> PgConnections.open(scene.db));
        assertThat(scene.rows(Names.undone(DB, INCIDENT), "orders")).isEqualTo("1000");
    }

    @Test
    void everyStepMayBeDoneTwice() {
        scene.dump();
        postgres.sql(DB, "delete from orders where id > 100");
        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().get(0);
        twice(() -> scene.recovery.fence(SERVICE, INCIDENT, what));
        twice(() -> scene.restore(what));
        twice(() -> assertThat(scene.recovery.proveDatabase(SERVICE, target, Progress.NONE).proven()).isTrue());
        twice(() -> scene.recovery.cutOver(SERVICE, INCIDENT, what));
        twice(() -> scene.recovery.unfence(SERVICE, INCIDENT, what));
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
        twice(() -> scene.recovery.fence(SERVICE, INCIDENT, what));
        twice(() -> scene.recovery.swapBack(SERVICE, INCIDENT, what));
        twice(() -> scene.recovery.unfence(SERVICE, INCIDENT, what));
        assertThat(scene.rows(DB, "orders")).isEqualTo("100");
        assertThat(connectionLimit(DB)).isEqualTo("33");
        assertThat(postgres.value(DB, "show default_transaction_read_only")).isEqualTo("off");
        assertThat(postgres.column("postgres", "select 1 from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase"
                + " where d.datname = 'shop''s \"orders\"'")).isEmpty();
        assertThat(scene.rows(Names.undone(DB, INCIDENT), "orders")).isEqualTo("1000");
    }

    @Test
    void rejectedAfterFenceEverythingIsAsItWas() {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.restore(what);
        twice(() -> scene.recovery.discard(SERVICE, INCIDENT, what));
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
        assertThat(connectionLimit(DB)).isEqualTo("33");
        assertThat(databases()).noneMatch(name -> name.contains("_restoring_"));
    }

    @Test
    void fenceEndsSessionsAndCountsThem() throws Exception {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        try (Connection one = PgConnections.open(scene.db); Connection two = PgConnections.open(scene.db)) {
            assertThat(scene.recovery.fence(SERVICE, INCIDENT, what).sessionsEnded()).isEqualTo(2);
            assertThat(one.isValid(2)).isFalse();
            assertThat(two.isValid(2)).isFalse();
        }
        scene.recovery.unfence(SERVICE, INCIDENT, what);
    }

    @Test
    void preparedTransactionIsNamedBeforeAnythingIsRenamed() {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        postgres.sql(DB, "begin; insert into orders values (5000, 1); prepare transaction 'two phase'");
        FailureException failure = assertFails("prepared-transactions", () -> scene.recovery.fence(SERVICE, INCIDENT, what));
        assertThat(failure.failure().what()).contains("two phase");
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        postgres.sql(DB, "rollback prepared 'two phase'");
    }

    @Test
    void cutOverIsRefusedWithoutAWholeRestoredDatabase() {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        assertFails("nothing-beside", () -> scene.recovery.cutOver(SERVICE, INCIDENT, what));
        postgres.create(what.databases().get(0).beside());
        assertFails("nothing-beside", () -> scene.recovery.cutOver(SERVICE, INCIDENT, what));
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
    }

    @Test
    void restoreBrokenOffHalfWayIsNotWholeAndIsDoneAgain() throws Exception {
        postgres.sql(DB, "create table big as select g, repeat(md5(g::text), 30) as t from generate_series(1, 150000) g");
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().get(0);
        var restoring = CompletableFuture.supplyAsync(() -> {
            try {
                scene.recovery.restoreDatabase(SERVICE, target, Progress.NONE);
                return null;
            } catch (FailureException e) {
                return e;
            }
        });
        killLoader(target.beside());
        FailureException failure = restoring.get();
        assertThat(failure).isNotNull();
        assertThat(failure.passing()).as(failure.getMessage()).isTrue();
        assertFails("nothing-beside", () -> scene.recovery.cutOver(SERVICE, INCIDENT, what));
        scene.restore(what);
        assertThat(scene.recovery.proveDatabase(SERVICE, target, Progress.NONE).proven()).isTrue();
    }

    private void killLoader(String beside) throws InterruptedException {
        String sql = "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s' and query like 'COPY %%'"
                .formatted(beside.replace("'", "''"));
        for (int i = 0; i < 3000 && postgres.column("postgres", sql).isEmpty(); i++) {
            Thread.sleep(5);
        }
    }

    @Test
    void twoWorkersNeverRestoreTheSameTargetAtOnce() throws Exception {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().get(0);
        try (Connection other = PgConnections.open(scene.db.onDatabase("postgres"))) {
            try (var lock = other.prepareStatement("select pg_advisory_lock(hashtextextended(?, 0))")) {
                lock.setString(1, "firedrill " + target.beside());
                lock.execute();
            }
            FailureException failure = assertFails("restore-already-running", () -> scene.restore(what));
            assertThat(failure.passing()).isTrue();
        }
        scene.restore(what);
    }

    @Test
    void differenceIsTold() {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        scene.restore(what);
        String beside = what.databases().get(0).beside();
        postgres.sql(beside, "delete from orders where id <= 3", "grant select on users to public");
        Proof proof = scene.recovery.proveDatabase(SERVICE, what.databases().get(0), Progress.NONE);
        assertThat(proof.proven()).isFalse();
        assertThat(proof.differences())
                .containsExactly("table public.orders: 1,000 rows expected, 997 found",
                        "grants: unexpected: table public.users: public has SELECT from firedrill");
    }

    @Test
    void flippedByteIsNamedNothingIsTouchedAndTheOffsiteCopyIsTakenNext() throws Exception {
        BackupId id = scene.dump();
        scene.backups.copyOffsite(id, "offsite", Progress.NONE);
        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().get(0).store()).isEqualTo("local");
        damage("dump");
        assertFails("corrupt-object", () -> scene.restore(what));
        assertThat(scene.rows(DB, "orders")).isEqualTo("1000");
        RestorePlan next = scene.selectDatabase(id.value());
        assertThat(next.databases().get(0).store()).isEqualTo("offsite");
        scene.restore(next);
        assertThat(scene.recovery.proveDatabase(SERVICE, next.databases().get(0), Progress.NONE).proven()).isTrue();
    }

    private void damage(String role) throws Exception {
        try (Stream<Path> files = Files.walk(scene.local())) {
            Path part = files.filter(file -> file.getFileName().toString().contains(role)).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(part);
            bytes[bytes.length / 2] ^= 1;
            Files.write(part, bytes);
        }
    }

    @Test
    void backupTakenAfterTheDamageIsNotChosen() {
        BackupId good = scene.dump();
        postgres.sql(DB, "delete from orders where id > 100");
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().get(0).backup()).isEqualTo(good.value());
        assertThat(what.candidates()).extracting(RestorePlan.Candidate::verdict).containsExactly("shows-damage", "chosen");
    }

    @Test
    void failedAndUncheckedBackupsAreNotChosenAndTheReasonsAreTold() {
        BackupId first = scene.dump();
        BackupId second = scene.dump();
        scene.backups.dumpDatabase(SERVICE, "orders", new BackupId("shop-orders-logical-unchecked"), Progress.NONE);
        RestorePlan what = scene.selectDatabase(second.value());
        assertThat(what.databases().get(0).backup()).isEqualTo(first.value());
        assertThat(what.candidates()).extracting(RestorePlan.Candidate::verdict)
                .containsExactly("unchecked", "failed-before", "chosen");
        FailureException none = assertFails("no-unaffected-backup", () -> scene.selectDatabase(first.value(), second.value()));
        assertThat(none.failure().what()).contains(first.value(), "failed in this incident", "never read back");
    }

    @Test
    void aMomentOrABackupCanBeNamed() {
        BackupId first = scene.dump();
        var between = java.time.Instant.now();
        BackupId second = scene.dump();
        assertThat(scene.select(List.of("orders"), List.of(), between.toString(), null).databases().get(0).backup()).isEqualTo(first.value());
        assertThat(scene.select(List.of("orders"), List.of(), first.value(), null).databases().get(0).backup()).isEqualTo(first.value());
        assertThat(scene.select(List.of("orders"), List.of(), "latest", between).databases().get(0).backup()).isEqualTo(first.value());
        assertThat(scene.selectDatabase().databases().get(0).backup()).isEqualTo(second.value());
        assertFails("unknown-restore-point", () -> scene.select(List.of("orders"), List.of(), "yesterday", null));
    }

    @Test
    void failedCheckIsToldWithItsAnswer() {
        postgres.sql(DB, "insert into orders values (-1, -1)");
        assertThat(scene.recovery.check(SERVICE, false)).anySatisfy(result -> {
            assertThat(result.name()).isEqualTo("nothing is negative");
            assertThat(result.passed()).isFalse();
            assertThat(result.detail()).isEqualTo("answered false");
        });
    }

    private RestorePlan cutOver() {
        RestorePlan what = scene.selectDatabase();
        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.restore(what);
        assertThat(scene.recovery.proveDatabase(SERVICE, what.databases().get(0), Progress.NONE).differences()).isEmpty();
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        return what;
    }

    private static void twice(Runnable step) {
        step.run();
        step.run();
    }

    private List<String> databases() {
        return postgres.column("postgres", "select datname from pg_database");
    }

    private String connectionLimit(String dbname) {
        return postgres.value("postgres", "select datconnlimit from pg_database where datname = '%s'".formatted(dbname.replace("'", "''")));
    }
}
