package io.firedrill.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firedrill.diagnosis.server.Primary;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.replication.Replication.Loss;
import io.firedrill.replication.Replication.Promoted;
import io.firedrill.replication.Replication.Rebuilt;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One cluster of three real servers through a day of disasters: each test leaves a whole cluster behind. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlainReplicationIT {
    private static ReplicationScene scene;

    @BeforeAll
    static void makeStandbysOfEmptyFolders() {
        scene = ReplicationScene.of(3);
        Replication replication = scene.replication();
        List<Need> needs = replication.needs("pg2");
        assertThat(needs).extracting(Need::kind, Need::name).containsExactly(
                org.assertj.core.groups.Tuple.tuple("setting", "max_wal_senders"),
                org.assertj.core.groups.Tuple.tuple("role", "replicator"),
                org.assertj.core.groups.Tuple.tuple("hba", ""));
        replication.prepare(needs);
        assertThat(replication.needs("pg2")).isEmpty();
        scene.withStandbys();
    }

    @AfterAll
    static void remove() {
        scene.close();
    }

    @Test
    @Order(1)
    void seesWhoStreamsAndHowFarBehindTheyAre() {
        scene.sql("pg1", "insert into written values (-1)");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(scene.replication().look())
                .extracting(NodeState::node, NodeState::role, NodeState::streaming, NodeState::lagBytes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("pg1", "primary", false, null),
                        org.assertj.core.groups.Tuple.tuple("pg2", "standby", true, 0L),
                        org.assertj.core.groups.Tuple.tuple("pg3", "standby", true, 0L)));
    }

    @Test
    @Order(1)
    void anAddressOfSeveralServersLeadsToThePrimaryAndTellsItsRefusals() throws SQLException {
        scene.sql("pg1", "create database readonly", "alter database readonly set default_transaction_read_only = on",
                "create database closed allow_connections false");
        try {
            await().atMost(Duration.ofSeconds(20)).until(
                    () -> scene.value("pg2", "select count(*) from pg_database where datname in ('readonly', 'closed')").equals("2"));
            Database both = anyOf("pg2", "pg1");
            assertThat(PgConnections.at(both).port()).isEqualTo(port("pg1"));
            assertThat(Stream.of("postgres", "readonly", "closed", "missing").map(name -> Primary.of(both.onDatabase(name)).port()))
                    .as("where a diagnosis looks").containsOnly(port("pg1"));
            try (Connection connection = PgConnections.open(both.onDatabase("readonly"))) {
                assertThat(connection.getMetaData().getURL()).contains(":" + port("pg1"));
            }
            assertRefused(both.onDatabase("closed"), "database-fenced");
            assertRefused(both.onDatabase("missing"), "database-missing");
            assertRefused(anyOf("pg2", "pg3"), "server-unreachable");
        } finally {
            scene.sql("pg1", "drop database readonly", "drop database closed");
        }
    }

    private static int port(String name) {
        return scene.node(name).server().port();
    }

    private static Database anyOf(String first, String second) {
        Database one = scene.node(first).server();
        Database other = scene.node(second).server();
        return new Database(one.name(), one.host(), one.port(), one.user(), one.dbname(), Map.of(), one.passwordFile(),
                Optional.empty(), Optional.empty(), List.of(new Database.Address(other.host(), other.port())));
    }

    private static void assertRefused(Database db, String code) {
        assertThatThrownBy(() -> PgConnections.open(db))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(code));
    }

    @Test
    @Order(2)
    void doesNotTakeAHungPrimaryForADeadOne() {
        ProcessHandle postmaster = ProcessHandle.of(scene.postmasterPid("pg1")).orElseThrow();
        signal(postmaster, "STOP");
        try {
            Verdict verdict = scene.replication().witness(null);
            assertThat(verdict.gone()).isFalse();
            assertThat(verdict.witnesses()).anySatisfy(witness -> assertThat(witness.says()).isEqualTo("alive"));
        } finally {
            signal(postmaster, "CONT");
        }
    }

    @Test
    @Order(3)
    void promotesNobodyWhileTheOldPrimaryMayStillTakeWrites() {
        Replication cutOff = new PlainReplication(scene.plan(Map.of("pg1", scene.via("pg1", "false"))), Clock.systemUTC());

        assertThat(cutOff.witness(null).gone()).isFalse();
        assertThatThrownBy(() -> cutOff.fence("pg1", null)).hasMessageContaining("nothing shows that it cannot take writes");
        assertThatThrownBy(() -> cutOff.promote("pg1", null)).hasMessageContaining("pg1 still answers as primary");
        assertThat(scene.value("pg2", "select pg_is_in_recovery()")).isEqualTo("t");
    }

    @Test
    @Order(4)
    void failsOverFromAKilledPrimaryAndCountsExactlyWhatIsMissing() throws Exception {
        Writers writers = Writers.on(scene.node("pg1").server(), 4);
        await().until(() -> writers.acknowledged().size() > 200);
        for (String standby : List.of("pg2", "pg3")) {
            scene.sql(standby, "alter system set primary_conninfo = ''", "select pg_reload_conf()");
        }
        await().until(() -> scene.value("pg1", "select count(*) from pg_stat_replication").equals("0"));
        int before = writers.acknowledged().size();
        await().until(() -> writers.acknowledged().size() > before + 100);
        scene.kill("pg1");
        Set<Long> acknowledged = writers.ended();

        Replication replication = scene.replication();
        Verdict verdict = replication.witness(null);
        assertThat(verdict.gone()).as(verdict.text()).isTrue();
        assertThat(verdict.primary()).isEqualTo("pg1");
        assertThat(verdict.cause()).isEqualTo("software");
        assertThat(Primary.of(anyOf("pg2", "pg1")).port()).as("a diagnosis looks at the dead primary").isEqualTo(port("pg1"));
        replication.fence("pg1", null);
        assertThat(scene.node("pg1").data().resolve("standby.signal")).exists();
        Promoted promoted = replication.promote("pg1", null);
        assertThat(promoted.node()).isEqualTo(verdict.candidate().node());
        assertThat(replication.promote("pg1", null).node()).as("promoted once").isEqualTo(promoted.node());
        assertThat(Primary.of(anyOf("pg1", promoted.node())).port()).as("and then at the new one").isEqualTo(port(promoted.node()));
        Loss loss = replication.loss("pg1", promoted, verdict.lastAlive());
        Set<Long> there = ids(promoted.node());
        long missing = acknowledged.stream().filter(id -> !there.contains(id)).count();
        assertThat(missing).isGreaterThan(100);
        assertThat(loss.exact()).isTrue();
        // Four sessions may each have committed one more that they were not told of.
        assertThat(loss.transactions()).isBetween(missing, missing + 4);
        assertThat(loss.seconds()).isPositive();

        List<Rebuilt> rebuilt = replication.rebuild("INC-1", Progress.NONE);
        assertThat(rebuilt).filteredOn(one -> one.node().equals("pg1")).extracting(Rebuilt::how).containsExactly("rewound");
        assertWhole(promoted.node());
        assertThat(keptWal("pg1", "INC-1")).as("WAL of the transactions that only the old primary had").isNotEmpty();
    }

    @Test
    @Order(5)
    void switchesBackWithoutLosingAnything() {
        String before = primary();
        scene.sql(before, "insert into written select g from generate_series(1000001, 1001000) g");
        Promoted promoted = scene.replication().switchOver("pg1");
        assertThat(promoted.node()).isEqualTo("pg1");
        assertThat(scene.value("pg1", "select count(*) from written where id > 1000000")).isEqualTo("1000");
        List<Rebuilt> rebuilt = scene.replication().rebuild("INC-2", Progress.NONE);
        assertThat(rebuilt).hasSize(2);
        assertWhole("pg1");
        Loss loss = scene.replication().loss(before, promoted, null);
        assertThat(loss.transactions()).isZero();
    }

    @Test
    @Order(6)
    void copiesThePrimaryAnewWhenTheOldDataDirectoryIsDestroyed() throws Exception {
        scene.kill("pg1");
        Files.delete(scene.node("pg1").data().resolve("global/pg_control"));
        Replication replication = scene.replication();
        Verdict verdict = replication.witness(null);
        assertThat(verdict.gone()).as(verdict.text()).isTrue();
        assertThat(verdict.cause()).isEqualTo("hardware");
        replication.fence("pg1", null);
        Promoted promoted = replication.promote("pg1", null);
        assertThat(replication.loss("pg1", promoted, null).transactions()).isZero();
        assertThat(replication.rebuild("INC-3", Progress.NONE))
                .filteredOn(one -> one.node().equals("pg1"))
                .extracting(Rebuilt::how)
                .containsExactly("rebuilt");
        assertWhole(promoted.node());
        assertThat(scene.node("pg1").data().resolveSibling("data.set-aside-INC-3").resolve("PG_VERSION")).exists();
    }

    @Test
    @Order(7)
    void losesNoAcknowledgedTransactionWhenCommitsWaitForAStandby() throws Exception {
        scene.synchronous();
        scene.replication().rebuild("INC-4", Progress.NONE);
        String old = primary();
        await().until(() -> scene.value(old, "select count(*) from pg_stat_replication where sync_state = 'quorum'").equals("2"));
        scene.sql(old, "truncate written");
        Writers writers = Writers.on(scene.node(old).server(), 4);
        await().until(() -> writers.acknowledged().size() > 300);
        scene.kill(old);
        Set<Long> acknowledged = writers.ended();

        Replication replication = scene.replication();
        assertThat(replication.witness(null).gone()).isTrue();
        replication.fence(old, null);
        Promoted promoted = replication.promote(old, null);
        assertThat(ids(promoted.node())).containsAll(acknowledged);
        Loss loss = replication.loss(old, promoted, null);
        assertThat(loss.seconds()).isZero();
        assertThat(loss.text()).satisfiesAnyOf(
                text -> assertThat(text).contains("no acknowledged transaction is missing"),
                text -> assertThat(text).contains("no transaction is missing"));
        scene.sql(promoted.node(), "insert into written values (-2)");
        replication.rebuild("INC-5", Progress.NONE);
        assertWhole(promoted.node());
        assertThat(scene.value(promoted.node(), "show synchronous_standby_names")).startsWith("ANY 1");
    }

    @Test
    @Order(8)
    void promisesNothingWhenAStandbyThatCommitsMayHaveWaitedForIsSilent() {
        String old = primary();
        List<String> standbys = scene.replication().look().stream().filter(NodeState::standby).map(NodeState::node).toList();
        String behind = standbys.get(0);
        String ahead = standbys.get(1);
        scene.kill(behind);
        scene.sql(old, "insert into written values (-3)");
        scene.kill(ahead);
        scene.kill(old);
        scene.start(behind);

        Replication replication = scene.replication();
        replication.fence(old, null);
        Promoted promoted = replication.promote(old, null);

        assertThat(promoted.node()).isEqualTo(behind);
        assertThat(promoted.unheard()).containsExactly(ahead);
        assertThat(ids(behind)).as("acknowledged, by the word of the other").doesNotContain(-3L);
        Loss loss = replication.loss(old, promoted, null);
        assertThat(loss.transactions()).isEqualTo(1);
        assertThat(loss.text()).doesNotContain("acknowledged");
        assertThat(replication.promote(old, null).unheard()).as("again, as after a crash").containsExactly(ahead);
    }

    private static void assertWhole(String primary) {
        assertThat(primary()).isEqualTo(primary);
        String rows = scene.value(primary, "select count(*) from written");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(scene.replication().look())
                .filteredOn(NodeState::standby)
                .hasSize(2)
                .allSatisfy(state -> assertThat(state.streaming()).isTrue())
                .allSatisfy(state -> assertThat(scene.value(state.node(), "select count(*) from written")).isEqualTo(rows)));
    }

    private static String primary() {
        List<String> primaries = scene.replication().look().stream().filter(NodeState::primary).map(NodeState::node).toList();
        assertThat(primaries).hasSize(1);
        return primaries.getFirst();
    }

    private static Set<Long> ids(String node) {
        return Arrays.stream(scene.value(node, "select coalesce(string_agg(id::text, ','), '') from written").split(","))
                .map(Long::valueOf)
                .collect(Collectors.toSet());
    }

    private static List<Path> keptWal(String node, String incident) throws IOException {
        try (Stream<Path> files = Files.list(scene.node(node).data().resolveSibling("data.kept-" + incident).resolve("pg_wal"))) {
            return files.toList();
        }
    }

    private static void signal(ProcessHandle process, String name) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
