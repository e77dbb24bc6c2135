package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.failure.FailureException;
import io.firedrill.physical.ServerRestore;
import io.firedrill.physical.WalReceivers;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Keep;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.Proof;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifests;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database brought back to the moment before the damage: a real server, its base backups and its WAL as it is written. */
class MomentRecoveryIT {
    private static final String DB = "shop";
    private static ThrowawayPostgres postgres;

    @TempDir
    Path folder;

    private Scene scene;
    private WalReceivers receivers;

    @BeforeAll
    static void server() {
        postgres = ThrowawayPostgres.start();
        // Its analyze is a transaction too, and one test counts them.
        postgres.sql("postgres", "alter system set autovacuum = off", "select pg_reload_conf()");
    }

    @AfterAll
    static void noServer() {
        postgres.remove();
    }

    @BeforeEach
    void shop() throws Exception {
        scene = new Scene(postgres, folder, DB, new StorePlan.Directory("offsite", folder.resolve("offsite")),
                List.of(new BackupEntry(BackupKind.LOGICAL, Optional.empty(), Keep.DEFAULT),
                        new BackupEntry(BackupKind.PHYSICAL, Optional.empty(), Keep.DEFAULT, true)));
        postgres.sql(DB, "create table orders (id int primary key, total int)",
                "insert into orders select g, g from generate_series(1, 1000) g",
                "create table users (id serial primary key, name text)",
                "insert into users (name) select 'user ' || g from generate_series(1, 50) g");
        receive();
    }

    private void receive() {
        receivers = WalReceivers.start(scene.plan, scene.stores, scene.keys, folder.resolve("wal"), alarm -> {}, Clock.systemUTC());
    }

    @AfterEach
    void end() throws Exception {
        receivers.close();
        for (int i = 0; i < 100 && !postgres.column("postgres", "select 1 from pg_replication_slots where active").isEmpty(); i++) {
            Thread.sleep(50);
        }
        postgres.sql("postgres", "select pg_drop_replication_slot(slot_name) from pg_replication_slots");
        scene.close();
    }

    @Test
    void everythingUpToTheDeletionComesBackAndWhatCameAfterItIsListedAsLost() {
        BackupId dump = scene.dump();
        BackupId base = scene.base();
        postgres.sql(DB, "insert into orders select g, g from generate_series(1001, 1500) g", "delete from orders where id = 7",
                "update users set name = 'renamed' where id = 1");
        postgres.sql(DB, "delete from orders where id <= 1400");
        postgres.sql(DB, "insert into orders select g, g from generate_series(2001, 2005) g");

        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().getFirst();
        assertThat(target.backup()).isEqualTo(base.value());
        assertThat(target.pointInTime()).isNotNull();
        assertThat(target.pointInTime().why()).contains("deleted 1,399 rows of public.orders");
        Candidate passedOver = what.candidates().stream().filter(one -> one.backup().equals(dump.value())).findFirst().orElseThrow();
        assertThat(passedOver.verdict()).isEqualTo("loses-more");
        assertThat(passedOver.lostTransactions()).isGreaterThanOrEqualTo(4);
        Candidate chosen = what.candidates().stream().filter(one -> one.backup().equals(base.value())).findFirst().orElseThrow();
        assertThat(chosen.lostTransactions()).isEqualTo(2);
        assertThat(RestorePlanText.of(what)).anySatisfy(line -> assertThat(line).contains("just before", "transaction"));

        cutOver(what);
        assertThat(scene.rows(DB, "orders")).isEqualTo("1499");
        assertThat(postgres.value(DB, "select name from users where id = 1")).isEqualTo("renamed");
        assertThat(scene.recovery.measureLoss(SERVICE, what))
                .containsExactly(new Recovery.LostRows("orders", "public", "orders", 5));
        assertThat(folder.resolve("scratch")).isEmptyDirectory();

        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(scene.rows(DB, "orders")).isEqualTo("105");
    }

    @Test
    void droppedTableComesBackWithItsLastRow() {
        scene.dump();
        scene.base();
        postgres.sql(DB, "insert into users (name) values ('last one')", "drop table users");
        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().getFirst().pointInTime().why()).contains("dropped a table");
        cutOver(what);
        assertThat(scene.rows(DB, "users")).isEqualTo("51");
    }

    @Test
    void aMomentAndAPositionCanBeNamed() {
        scene.dump();
        scene.base();
        postgres.sql(DB, "insert into orders values (2001, 1)");
        String position = postgres.value(DB, "select pg_current_wal_insert_lsn()");
        postgres.sql(DB, "insert into orders values (2002, 1)");
        Instant moment = Instant.parse(postgres.value(DB,
                "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        postgres.sql(DB, "insert into orders values (2003, 1)");

        RestorePlan byMoment = scene.select(List.of("orders"), List.of(), moment.toString(), null);
        restored(byMoment);
        assertThat(scene.rows(byMoment.databases().getFirst().beside(), "orders")).isEqualTo("1002");

        RestorePlan byPosition = scene.select(List.of("orders"), List.of(), position, null);
        restored(byPosition);
        assertThat(scene.rows(byPosition.databases().getFirst().beside(), "orders")).isEqualTo("1001");

        RestorePlan byWord = scene.select(List.of("orders"), List.of(), "latest", moment);
        assertThat(byWord.databases().getFirst().snapshotAt()).isEqualTo(moment.minusNanos(1000));
        scene.recovery.discard(SERVICE, INCIDENT, byMoment);
    }

    @Test
    void whatCannotBeReachedIsRefusedAndWhatCanBeIsNamed() {
        scene.dump();
        BackupId base = scene.base();
        postgres.sql(DB, "insert into orders values (2001, 1)");
        assertFails("restore-point-ahead", () -> select(Instant.now().plusSeconds(3600).toString()));
        FailureException early = assertFails("restore-point-too-early", () -> select("2020-01-01T00:00:00Z"));
        assertThat(early.failure().what()).contains("before the first backup");
        assertFails("restore-point-too-early", () -> select("0/1"));
        // No dump is known to be from before a position that no server has reached, but older dumps are.
        RestorePlan far = select("FFFF/0");
        assertThat(why(far, base)).contains("FFFF/0 is out of its reach", "on timeline 1");
        assertFails("position-of-files", () -> scene.select(List.of(), List.of("uploads"), "FFFF/0", null));
    }

    private RestorePlan select(String to) {
        return scene.select(List.of("orders"), List.of(), to, null);
    }

    private static String why(RestorePlan what, BackupId backup) {
        return what.candidates().stream().filter(one -> one.backup().equals(backup.value())).findFirst().orElseThrow().why();
    }

    @Test
    void aGapInTheWalIsToldAndTheDumpIsProposedInstead() throws Exception {
        BackupId dump = scene.dump();
        BackupId base = scene.base();
        for (int i = 0; i < 3; i++) {
            postgres.sql(DB, "insert into orders values (%d, 1)".formatted(3000 + i), "select pg_switch_wal()");
        }
        postgres.sql(DB, "delete from orders where id <= 900");
        assertThat(scene.selectDatabase().databases().getFirst().backup()).isEqualTo(base.value());
        List<Path> wal = wal();
        Files.delete(wal.get(wal.size() - 2));

        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().getFirst().backup()).isEqualTo(dump.value());
        assertThat(what.databases().getFirst().pointInTime()).isNull();
        assertThat(why(what, base)).contains("does not account for the damage", "is missing");
    }

    /** Segments in the primary store, oldest first. */
    private List<Path> wal() throws Exception {
        try (Stream<Path> files = Files.walk(scene.local())) {
            return files.filter(file -> file.getFileName().toString().contains(".wal."))
                    .sorted(java.util.Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
    }

    @Test
    void aBaseBackupTakenAfterTheDamageOrInQuarantineIsNotProposed() throws Exception {
        scene.dump();
        BackupId good = scene.base();
        postgres.sql(DB, "insert into orders values (2001, 1)", "delete from orders where id <= 900");
        BackupId poisoned = scene.base();
        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().getFirst().backup()).isEqualTo(good.value());
        assertThat(why(what, poisoned)).contains("does not account for the damage");

        damage(good, "base");
        assertThat(catchFailure(() -> scene.backups.check(good, "local", Progress.NONE))).isNotNull();
        RestorePlan next = scene.selectDatabase();
        assertThat(next.databases().getFirst().pointInTime()).isNull();
        assertThat(next.candidates()).filteredOn(one -> one.backup().equals(good.value()))
                .extracting(Candidate::verdict).containsExactly("quarantined");
    }

    private static FailureException catchFailure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(FailureException.class, call);
    }

    private void damage(BackupId id, String role) throws Exception {
        String key = Manifests.read(scene.stores.byName("local"), id).parts().stream()
                .filter(part -> part.role().equals(role)).findFirst().orElseThrow().key();
        flip(scene.local().resolve(key));
    }

    private static void flip(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void walThatTurnsOutBadLeadsToTheDumpWithoutStartingOver() throws Exception {
        BackupId dump = scene.dump();
        BackupId base = scene.base();
        postgres.sql(DB, "insert into orders values (2001, 1)", "delete from orders where id <= 900");
        RestorePlan what = scene.selectDatabase();
        assertThat(what.databases().getFirst().backup()).isEqualTo(base.value());
        scene.recovery.fence(SERVICE, INCIDENT, what);
        List<Path> wal = wal();
        flip(wal.get(wal.size() - 1));
        assertFails("corrupt-object", () -> scene.restore(what));
        assertThat(folder.resolve("scratch")).isEmptyDirectory();

        RestorePlan next = scene.recovery.select(new SelectRequest(SERVICE, INCIDENT, List.of("orders"), List.of(), "latest", null,
                List.of(base.value()), null));
        assertThat(next.databases().getFirst().backup()).isEqualTo(dump.value());
        assertThat(scene.catalog.find(base).orElseThrow().state()).isEqualTo(io.firedrill.catalog.CatalogEntry.State.VERIFIED);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
    }

    @Test
    void whatAKilledRestoreLeftIsRemovedByTheNextAndByTheWayOut() throws Exception {
        scene.dump();
        BackupId base = scene.base();
        postgres.sql(DB, "insert into orders values (2001, 1)", "delete from orders where id <= 900");
        RestorePlan what = scene.selectDatabase();
        DatabaseTarget target = what.databases().getFirst();
        LocalPostgres left = abandoned(base, target);
        assertThat(left.running()).isTrue();

        restored(what);
        restored(what);
        assertThat(left.running()).isFalse();
        assertThat(scene.rows(target.beside(), "orders")).isEqualTo("1001");

        LocalPostgres again = abandoned(base, target);
        scene.recovery.discard(SERVICE, INCIDENT, what);
        assertThat(again.running()).isFalse();
        assertThat(folder.resolve("scratch")).isEmptyDirectory();
    }

    /** A scratch server as a killed process leaves it: running. */
    private LocalPostgres abandoned(BackupId base, DatabaseTarget target) {
        Path server = new ScratchFolder(folder.resolve("scratch"), target).server();
        ScratchServer.open(server, new ServerRestore(scene.stores.primary(), scene.keys),
                Manifests.read(scene.stores.primary(), base), target.pointInTime(), scene.db, Progress.NONE);
        return new LocalPostgres(server, 0);
    }

    private Proof restored(RestorePlan what) {
        scene.restore(what);
        Proof proof = scene.recovery.proveDatabase(SERVICE, what.databases().getFirst(), Progress.NONE);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
        return proof;
    }

    private void cutOver(RestorePlan what) {
        scene.recovery.fence(SERVICE, INCIDENT, what);
        restored(what);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
    }
}
