package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.exporter.LocalPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Who may take a backup now, in a real state database, with what the engine's log says of the runs. */
class BackupTurnsIT {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");
    private static final List<String> ALL = List.of("logical", "physical", "files");

    private static LocalPostgres postgres;
    private static JdbcClient sql;
    private BackupTurns turns;

    @BeforeAll
    static void start() throws Exception {
        postgres = LocalPostgres.start();
        sql = JdbcClient.create(postgres.dataSource());
        Flyway.configure().dataSource(postgres.dataSource()).schemas("firedrill").load().migrate();
        sql.sql("create schema engine_history").update();
        sql.sql(new ClassPathResource("db/exporter/V1__engine_history.sql").getContentAsString(StandardCharsets.UTF_8)).update();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void open() {
        sql.sql("truncate firedrill.backup_turn, engine_history.process_instance").update();
        turns = server(NOW);
    }

    private static BackupTurns server(Instant now) {
        return new BackupTurns(postgres.dataSource(), new History(postgres.dataSource()), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void known(long run, String state, Long parent) {
        sql.sql("""
                        insert into engine_history.process_instance
                          (key, process_definition_key, process_id, version, parent_process_instance_key, state, position)
                        values (?, 1, 'backup', 1, ?, ?, 1)
                        on conflict (key) do update set state = excluded.state
                        """)
                .param(run).param(2, parent, java.sql.Types.BIGINT).param(state)
                .update();
    }

    @Test
    void theSecondRunIsToldWhichOneRunsAndGetsTheTurnOnceThatEnded() {
        known(5, "active", null);
        assertThat(turns.take("shop", List.of("logical"), 5)).isEmpty();
        assertThat(turns.take("shop", List.of("logical"), 6)).contains(5L);
        assertThat(turns.take("shop", List.of("logical"), 5)).as("asking again").isEmpty();
        assertThat(turns.take("shop", List.of("files"), 6)).as("another kind").isEmpty();
        assertThat(turns.take("blog", List.of("logical"), 7)).as("another service").isEmpty();
        known(5, "completed", null);
        assertThat(turns.holder("shop", List.of("logical"))).isEmpty();
        assertThat(turns.take("shop", List.of("logical"), 8)).isEmpty();
    }

    @Test
    void everyKindAtOnceWaitsForNone() {
        known(5, "active", null);
        turns.take("shop", List.of("files"), 5);
        assertThat(turns.take("shop", ALL, 6)).contains(5L);
        assertThat(turns.take("shop", List.of("logical"), 7)).as("6 took nothing").isEmpty();
    }

    @Test
    void aScheduledRunIsNamedAsPeopleSeeIt() {
        known(4, "active", null);
        known(5, "active", 4L);
        turns.take("shop", ALL, 5);
        assertThat(turns.holder("shop", List.of("logical"))).contains(4L);
    }

    @Test
    void aCancelledRunHoldsNobodyBackNorDoesOneThatGaveItsTurnBack() {
        known(5, "terminated", null);
        turns.take("shop", ALL, 5);
        assertThat(turns.take("shop", ALL, 6)).isEmpty();
        turns.giveBack(6);
        assertThat(turns.holder("shop", ALL)).isEmpty();
    }

    @Test
    void aRunThatWaitsForAPersonHoldsNobodyBack() {
        known(5, "active", null);
        turns.take("shop", ALL, 5);
        sql.sql("""
                        insert into engine_history.user_task (key, process_instance_key, process_definition_key, process_id,
                          element_id, element_instance_key, candidate_groups, candidate_users, state, created_at, position)
                        values (1, 5, 1, 'backup', 'Task_DecideFailedBackup', 1, '{}', '{}', 'created', now(), 1)
                        """)
                .update();
        try {
            assertThat(turns.take("shop", ALL, 6)).isEmpty();
        } finally {
            sql.sql("delete from engine_history.user_task").update();
        }
    }

    @Test
    void aRunTheHistoryDoesNotKnowCountsForSomeHours() {
        turns.take("shop", ALL, 5);
        assertThat(server(NOW.plus(Duration.ofHours(5))).take("shop", ALL, 6)).contains(5L);
        assertThat(server(NOW.plus(Duration.ofHours(7))).take("shop", ALL, 6)).isEmpty();
    }

    @Test
    void ofManyServersAtOnceExactlyOneGetsTheTurn() throws Exception {
        int servers = 6;
        CyclicBarrier together = new CyclicBarrier(servers);
        try (ExecutorService threads = Executors.newFixedThreadPool(servers)) {
            List<Future<Optional<Long>>> asked = new ArrayList<>();
            for (long run = 1; run <= servers; run++) {
                long mine = run;
                asked.add(threads.submit(() -> {
                    together.await();
                    return server(NOW).take("shop", ALL, mine);
                }));
            }
            long got = 0;
            for (Future<Optional<Long>> answer : asked) {
                got += answer.get().isEmpty() ? 1 : 0;
            }
            assertThat(got).isEqualTo(1);
        }
    }

    @Test
    void withTheStateDatabaseAwayNobodyIsHeldBack() throws Exception {
        postgres.down();
        try {
            assertThat(turns.take("shop", ALL, 6)).isEmpty();
            assertThat(turns.holder("shop", ALL)).isEmpty();
            turns.giveBack(6);
        } finally {
            postgres.up();
        }
    }
}
