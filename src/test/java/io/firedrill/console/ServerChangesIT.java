package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.proof.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which open runs keep others from a service's servers, by what the engine's log says of them. */
class ServerChangesIT {
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    private static JdbcClient sql;
    private static ServerChanges changes;

    @BeforeAll
    static void makeTheTables() throws IOException {
        POSTGRES.create("server_changes");
        sql = JdbcClient.create(POSTGRES.dataSource("server_changes"));
        sql.sql("create schema engine_history").update();
        sql.sql(new ClassPathResource("db/exporter/V1__engine_history.sql").getContentAsString(StandardCharsets.UTF_8)).update();
        changes = new ServerChanges(new History(POSTGRES.dataSource("server_changes")));
    }

    @BeforeEach
    void empty() {
        sql.sql("truncate engine_history.process_instance, engine_history.variable").update();
    }

    private static void run(long key, String process, String service) {
        sql.sql("""
                        insert into engine_history.process_instance
                          (key, process_definition_key, process_id, version, state, started_at, position)
                        values (?, 1, ?, 1, 'active', now(), 1)
                        """)
                .param(key).param(process)
                .update();
        variable(key, "service", "\"" + service + "\"");
    }

    private static void variable(long run, String name, String json) {
        sql.sql("insert into engine_history.variable values ((select count(*) + 1 from engine_history.variable), ?, ?, ?, ?, now(), 1)")
                .param(run).param(run).param(name).param(json)
                .update();
    }

    private static void ended(long run) {
        sql.sql("update engine_history.process_instance set state = 'completed', ended_at = now() where key = ?").param(run).update();
    }

    @Test
    void aSwitchoverKeepsAllOthersAwayUntilItEnds() {
        run(5, "switchover", "shop");
        assertThat(changes.ofRoles("shop")).map(Run::id).contains(5L);
        assertThat(changes.any("shop")).map(Run::id).contains(5L);
        assertThat(changes.any("blog")).as("another service").isEmpty();
        ended(5);
        assertThat(changes.any("shop")).isEmpty();
    }

    @Test
    void aRecoveryKeepsTheWatchAwayUntilItsLossIsMeasuredAndNoPersonFromAFailover() {
        run(6, "disaster-recovery", "shop");
        assertThat(changes.any("shop")).map(Run::id).contains(6L);
        assertThat(changes.recovery("shop")).map(Run::id).contains(6L);
        assertThat(changes.ofRoles("shop")).isEmpty();
        variable(6, "loss", "{}");
        assertThat(changes.any("shop")).as("back to its report").isEmpty();
        assertThat(changes.recovery("shop")).isEmpty();
    }

    @Test
    void aBackupKeepsNobodyAway() {
        run(7, "backup", "shop");
        assertThat(changes.any("shop")).isEmpty();
    }
}
