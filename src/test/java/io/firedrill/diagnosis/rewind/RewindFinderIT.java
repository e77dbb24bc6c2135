package io.firedrill.diagnosis.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.diagnosis.rewind.Suspect.Deed;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgWaldump;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.util.FileSystemUtils;

/** The WAL of a real server, with more than 100,000 harmless transactions around the harmful ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RewindFinderIT {
    private static final String DB = "postgres";
    private static final int HARMLESS = 50_000;

    private ThrowawayPostgres postgres;
    private Lsn from;
    private long database;

    @BeforeAll
    void start() {
        postgres = ThrowawayPostgres.start();
        // Autovacuum's transactions would be counted among ours.
        postgres.sql(DB, "alter system set autovacuum = off");
        postgres.sql(DB, "select pg_reload_conf()", "select pg_create_physical_replication_slot('keep', true)");
        postgres.sql(DB, "create table orders (id int primary key, note text)", "create table visits (id int, at timestamptz)",
                "insert into orders select g, 'order ' || g from generate_series(1, 5000) g");
        database = Long.parseLong(postgres.value(DB, "select oid from pg_database where datname = current_database()"));
        from = now();
        harmless();
    }

    @AfterAll
    void remove() {
        postgres.remove();
    }

    private void harmless() {
        postgres.sql(DB, """
                do $$ begin
                  for i in 1..%d loop
                    insert into visits values (i, now());
                    update orders set note = 'seen' where id = i %% 1000;
                    delete from visits where id = i - 100;
                    commit;
                  end loop;
                end $$""".formatted(HARMLESS));
    }

    private Lsn now() {
        return Lsn.parse(postgres.value(DB, "select pg_current_wal_insert_lsn()"));
    }

    private RelationFile file(String table) {
        return RelationFile.ofPath(postgres.value(DB, "select pg_relation_filepath('" + table + "')")).orElseThrow();
    }

    private Rewind find(Symptom symptom) {
        postgres.sql(DB, "select pg_switch_wal()", "checkpoint");
        return new RewindFinder(new PgWaldump.Range(postgres.server().data().resolve("pg_wal"), 1, from, now()))
                .find(symptom);
    }

    @Test
    void findsTheDeletionAmongManyGoodTransactionsAndRecoveryToItsTargetHasTheRows() throws Exception {
        postgres.sql(DB, "create table gone as select * from orders");
        RelationFile file = file("gone");
        Copy copy = new Copy(postgres);
        postgres.sql(DB, "delete from gone where id > 4990", "begin; delete from gone; rollback", "delete from gone where id <= 4900");
        long xid = Long.parseLong(postgres.value(DB, "select txid_current()")) - 1;
        harmless();
        Rewind rewind = find(new Symptom.RowsGone(database, file, 4900));
        assertThat(rewind.complete()).isTrue();
        assertThat(rewind.suspects()).singleElement().satisfies(suspect -> {
            assertThat(suspect.deed()).isEqualTo(Deed.DELETE);
            assertThat(suspect.rows()).hasValue(4900);
            assertThat(suspect.transaction().xid()).isEqualTo(xid);
        });
        assertThat(copy.recovered(rewind.target().orElseThrow().lsn(), "select count(*) from gone")).isEqualTo("4990");
    }

    @Test
    void addsUpADeletionMadeInPortionsAndGoesBackBeforeItsFirst() {
        postgres.sql(DB, "create table portions as select * from orders");
        for (int i = 0; i < 5; i++) {
            postgres.sql(DB, "delete from portions where id % 5 = " + i);
        }
        Rewind rewind = find(new Symptom.RowsGone(database, file("portions"), 5000));
        assertThat(rewind.suspects()).hasSize(5);
        assertThat(rewind.target().orElseThrow().lsn()).isEqualTo(rewind.suspects().get(0).transaction().commit());
    }

    @Test
    void knowsTheTableAgainAfterItWasRewritten() {
        postgres.sql(DB, "create table rewritten as select * from orders", "delete from rewritten where id <= 3000",
                "vacuum full rewritten", "alter table rewritten alter column id type bigint");
        Rewind rewind = find(new Symptom.RowsGone(database, file("rewritten"), 3000));
        assertThat(rewind.suspects()).singleElement().satisfies(suspect -> {
            assertThat(suspect.deed()).isEqualTo(Deed.DELETE);
            assertThat(suspect.rows()).hasValue(3000);
        });
    }

    @Test
    void ofATableEmptiedEveryNightTheLastEmptyingCounts() {
        postgres.sql(DB, "create table nightly as select * from orders", "truncate nightly",
                "insert into nightly select * from orders", "truncate nightly");
        Rewind rewind = find(new Symptom.RowsGone(database, file("nightly"), 5000));
        assertThat(rewind.suspects()).extracting(Suspect::deed).containsExactly(Deed.TRUNCATE);
        postgres.sql(DB, "insert into nightly select * from orders", "delete from nightly");
        assertThat(find(new Symptom.RowsGone(database, file("nightly"), 5000)).suspects())
                .extracting(Suspect::deed).containsExactly(Deed.DELETE);
    }

    @Test
    void findsAnUpdateWithoutWhere() {
        postgres.sql(DB, "create table changed as select * from orders", "update changed set note = 'oops'");
        assertThat(find(new Symptom.RowsChanged(database, file("changed"), 5000)).suspects()).singleElement()
                .satisfies(suspect -> assertThat(suspect.rows()).hasValue(5000));
    }

    @Test
    void findsTheChangeOfMostRowsWithoutBeingToldTheTable() {
        postgres.sql(DB, "create table mass as select * from orders", "update mass set note = 'oops' where id > 1000");
        postgres.sql(DB, "select pg_switch_wal()", "checkpoint");
        RewindFinder finder = new RewindFinder(new PgWaldump.Range(postgres.server().data().resolve("pg_wal"), 1, from, now()));
        assertThat(finder.massChanges(Map.of(file("mass"), 5000L, file("orders"), 5000L))).singleElement().satisfies(change -> {
            assertThat(change.file()).isEqualTo(file("mass"));
            assertThat(change.suspect().rows()).hasValue(4000);
        });
    }

    @Test
    void findsWhoDroppedTheTableAndTakesNoRewriteForIt() {
        postgres.sql(DB, "create table dropped (id int primary key, big text)", "create table other as select 1 as a",
                "vacuum full other");
        RelationFile file = file("dropped");
        postgres.sql(DB, "drop table dropped", "truncate other");
        Rewind known = find(new Symptom.TableGone(database, Optional.of(file)));
        assertThat(known.suspects()).extracting(Suspect::deed).containsExactly(Deed.DROP_TABLE);
        assertThat(find(new Symptom.TableGone(database, Optional.empty())).suspects()).isEqualTo(known.suspects());
    }

    @Test
    void findsWhoDroppedTheDatabase() {
        postgres.sql(DB, "create database victim");
        long victim = Long.parseLong(postgres.value(DB, "select oid from pg_database where datname = 'victim'"));
        postgres.sql(DB, "drop database victim");
        assertThat(find(new Symptom.DatabaseGone(victim)).suspects()).extracting(Suspect::deed)
                .containsExactly(Deed.DROP_DATABASE);
        assertThat(find(new Symptom.DatabaseGone(database)).target()).isEmpty();
    }

    @Test
    void saysWhenTheLogEndsBeforeTheRange() {
        Rewind rewind = new RewindFinder(new PgWaldump.Range(postgres.server().data().resolve("pg_wal"), 1, from,
                        new Lsn(now().value() + (1L << 30))))
                .find(new Symptom.DatabaseGone(database));
        assertThat(rewind.complete()).isFalse();
        assertThat(rewind.note()).contains("pg_waldump");
    }

    /** A base backup, recovered beside the server from the server's own WAL. */
    private static final class Copy {
        private final ThrowawayPostgres source;
        private final LocalPostgres server;

        Copy(ThrowawayPostgres source) throws IOException {
            this.source = source;
            server = new LocalPostgres(Files.createTempDirectory("firedrill-test-copy"), Ports.free());
            LocalPostgres.own(server.folder());
            Command base = Command.of(Programs.find("pg_basebackup"), "--pgdata=" + server.data(), "--checkpoint=fast",
                            "--no-sync", "--dbname=" + source.conninfo(DB))
                    .withEnvironment(Map.of("PGPASSWORD", Files.readString(source.database("x", DB).passwordFile().orElseThrow()).strip()));
            assertThat(server.unprivileged(base).run()).satisfies(done -> assertThat(done.succeeded()).as(done.stderr()).isTrue());
        }

        String recovered(Lsn target, String query) throws Exception {
            // Recovery refuses to start with lower limits than the source had.
            server.configure(Map.of("max_prepared_transactions", "5", "max_connections", "60", "restore_command", "cp " + source.server().data() + "/pg_wal/%f %p", "recovery_target_lsn",
                    target.toString(), "recovery_target_inclusive", "off", "recovery_target_action", "promote",
                    // No session before the target is reached.
                    "hot_standby", "off"));
            LocalPostgres.own(Files.createFile(server.data().resolve("recovery.signal")));
            server.start();
            Database there = source.database("copy", DB);
            Database here = new Database("copy", there.host(), server.port(), there.user(), DB, Map.of(), there.passwordFile());
            try (Connection connection = Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions()
                            .until(() -> PgConnections.open(here), Objects::nonNull);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                row.next();
                return row.getString(1);
            } finally {
                server.stop();
                FileSystemUtils.deleteRecursively(server.folder());
            }
        }
    }
}
