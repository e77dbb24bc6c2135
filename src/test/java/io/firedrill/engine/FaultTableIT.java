package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.camunda.client.CamundaClient;
import io.firedrill.diagnosis.BrokenShop;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.tool.LocalPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each fault is done for real to one PostgreSQL server with its files; the evidence must lead to the right cause, and to a way
 * back that loses no more than it must.
 */
class FaultTableIT {
    private static TestBroker broker;
    private static CamundaClient client;
    private static BrokenShop shop;

    /** Undone, last first, before the server gets its good data back. */
    private final List<AutoCloseable> spoils = new ArrayList<>();

    @FunctionalInterface
    interface Spoil {
        void on(BrokenShop shop, List<AutoCloseable> spoils) throws Exception;
    }

    /** @param next part of the exact next step that the person is told; empty: restoring is it */
    record Fault(String name, String cause, String strategy, String sign, String next, Spoil spoil, boolean root) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Fault mend(String name, String cause, String sign, String next, Spoil spoil) {
        return new Fault(name, cause, "mend-by-hand", sign, next, spoil, false);
    }

    private static Fault restore(String name, String cause, String strategy, String sign, Spoil spoil) {
        return new Fault(name, cause, strategy, sign, "", spoil, false);
    }

    private static Fault full(String name, Spoil spoil) {
        return new Fault(name, "capacity", "mend-by-hand", "disk-full", "add space", spoil, true);
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("nothing at all", "none", "nothing", "", "", (it, undo) -> {}, false),
                mend("server dead", "software", "server-dead", "pg_ctl start", (it, undo) -> it.killServer()),
                mend("server shut down", "software", "server-dead", "pg_ctl start", (it, undo) -> it.postgres.server().stop()),
                mend("backend crashed", "software", "backend-crashed", "until it takes sessions again", (it, undo) -> it.killBackend()),
                full("disk full under pg_wal", BrokenShop::fillWal),
                full("disk full, tablespace", BrokenShop::fillTablespace),
                full("disk full, temporary files", BrokenShop::fillTemporary),
                restore("corrupted page", "hardware", "restore-databases", "damaged-page", (it, undo) -> it.flip("orders", 1)),
                restore("zeroed pages", "hardware", "restore-databases", "lost-rows", (it, undo) -> it.zero("orders", 3, 80)),
                restore("truncated relation file", "hardware", "restore-databases", "lost-rows", (it, undo) -> it.truncate("orders")),
                restore("missing relation file", "hardware", "restore-databases", "missing-relation-file", (it, undo) -> it.remove("users")),
                mend("missing pg_control", "hardware", "server-files-damaged", "", (it, undo) -> it.removeFromServer("global/pg_control")),
                mend("missing WAL", "hardware", "server-files-damaged", "", (it, undo) -> it.removeWal()),
                mend("missing clog", "hardware", "server-files-damaged", "", (it, undo) -> it.removeFromServer("pg_xact/0000")),
                mend("bad config", "human-error", "bad-config", "Mend what its log names", (it, undo) -> it.misconfigure()),
                mend("port taken", "human-error", "port-taken", "who has the port", BrokenShop::takePort),
                mend("permissions", "human-error", "bad-permissions", "chmod 0700", (it, undo) -> it.openToAll()),
                mend("broken index", "software", "broken-index", "REINDEX INDEX CONCURRENTLY public.orders_pkey;",
                        (it, undo) -> it.zero("orders_pkey", 1, 1)),
                mend("broken index, by checksum", "software", "broken-index", "REINDEX INDEX CONCURRENTLY public.orders_pkey;",
                        (it, undo) -> it.flip("orders_pkey", 1)),
                mend("missing index file", "software", "broken-index", "REINDEX INDEX CONCURRENTLY public.orders_pkey;",
                        (it, undo) -> it.remove("orders_pkey")),
                restore("table dropped", "human-error", "restore-databases", "missing-table", (it, undo) -> it.sql("drop table users")),
                restore("DELETE without WHERE", "human-error", "restore-databases", "deleted-rows", (it, undo) -> it.sql("delete from orders")),
                restore("UPDATE without WHERE", "human-error", "restore-databases", "changed-rows",
                        (it, undo) -> it.sql("update orders set note = 'oops'")),
                restore("table truncated", "human-error", "restore-databases", "deleted-rows", (it, undo) -> it.sql("truncate orders")),
                mend("too many connections", "software", "too-many-connections", "End idle sessions", BrokenShop::takeAllSessions),
                mend("no connection left for applications", "software", "too-many-connections", "pg_terminate_backend",
                        BrokenShop::takeApplicationsSessions),
                mend("wrong password", "human-error", "wrong-password", "Put the right password", (it, undo) -> it.changePassword()),
                mend("no hba", "human-error", "no-access-rule", "pg_hba.conf", (it, undo) -> it.forbid()),
                mend("no database", "human-error", "missing-database", "psql", (it, undo) -> it.renameDatabase()),
                mend("standby stopped", "software", "standby-stopped", "Start the standby of slot second", BrokenShop::stopStandby),
                mend("standby too far behind", "software", "standby-lost", "anew", (it, undo) -> it.loseStandby()),
                mend("archiving broken", "software", "archiving-failed", "Mend archive_command", (it, undo) -> it.breakArchiving()),
                mend("everybody waits for a lock", "software", "blocked", "pg_terminate_backend", BrokenShop::block),
                restore("files deleted in bulk", "human-error", "restore-files", "files-missing", (it, undo) -> it.deleteFiles()),
                restore("files encrypted", "attack", "restore-files", "files-encrypted", (it, undo) -> it.encryptFiles()));
    }

    @BeforeAll
    static void prepare(@TempDir Path dir) throws Exception {
        broker = TestBroker.start(dir.resolve("broker"));
        client = broker.client();
        client.newDeployResourceCommand().addResourceFile("bpmn/cause-and-strategy.dmn").send().join();
        shop = BrokenShop.prepare(dir);
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        broker.close();
        shop.close();
    }

    @BeforeEach
    void heal() throws Exception {
        shop.heal();
    }

    @AfterEach
    void undo() throws Exception {
        for (AutoCloseable spoil : spoils.reversed()) {
            spoil.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void leadsToTheRightCauseAndTheWayBackThatLosesLeast(Fault fault) throws Exception {
        assumeTrue(!fault.root() || LocalPostgres.root(), "only root may mount a disk that can be filled");
        fault.spoil().on(shop, spoils);
        Evidence evidence = shop.diagnose();
        JsonNode diagnosis = decide(evidence);
        assertThat(List.of(diagnosis.path("cause").asString(), diagnosis.path("strategy").asString()))
                .as("%s%n%s", diagnosis, evidence)
                .containsExactly(fault.cause(), fault.strategy());
        assertThat(String.join(" ", evidence.facts().signs())).as("%s", evidence).contains(fault.sign());
        assertThat(diagnosis.path("explanation").asString()).contains(fault.next()).matches("(?s).*[.;]");
    }

    private static JsonNode decide(Evidence evidence) {
        JsonMapper json = new JsonMapper();
        Map<String, Object> variables = Map.of("evidence", json.convertValue(evidence, Map.class));
        var response = client.newEvaluateDecisionCommand().decisionId("cause-and-strategy").variables(variables).send().join();
        assertThat(response.getFailureMessage()).isNullOrEmpty();
        return json.readTree(response.getDecisionOutput());
    }
}
