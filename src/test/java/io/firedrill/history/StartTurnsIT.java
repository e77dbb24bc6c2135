package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.FailureException;
import io.firedrill.history.StartTurns.Start;
import io.firedrill.proof.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Whether a run may be started now, in a real state database, with what the engine's log has told of the runs until now. */
class StartTurnsIT {
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    private static JdbcClient sql;

    private final StartTurns turns = server(NOW);

    @BeforeAll
    static void makeTheTables() throws IOException {
        POSTGRES.create("start_turns");
        sql = JdbcClient.create(POSTGRES.dataSource("start_turns"));
        Flyway.configure().dataSource(POSTGRES.dataSource("start_turns")).schemas("firedrill").load().migrate();
        sql.sql("create schema engine_history").update();
        sql.sql(new ClassPathResource("db/exporter/V1__engine_history.sql").getContentAsString(StandardCharsets.UTF_8)).update();
    }

    @BeforeEach
    void empty() {
        sql.sql("truncate firedrill.start_turn, engine_history.process_instance").update();
    }

    private static StartTurns server(Instant now) {
        return new StartTurns(
                POSTGRES.dataSource("start_turns"), new History(POSTGRES.dataSource("start_turns")), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static Start start(StartTurns turns, String subject, long run) {
        return turns.start(subject, Optional::empty, () -> run);
    }

    private static void exported(long run, boolean ended) {
        sql.sql("""
                        insert into engine_history.process_instance
                          (key, process_definition_key, process_id, version, state, started_at, ended_at, position)
                        values (?, 1, 'disaster-recovery', 1, ?, now(), case when ? then now() end, 1)
                        on conflict (key) do update set state = excluded.state, ended_at = excluded.ended_at
                        """)
                .params(run, ended ? "completed" : "active", ended)
                .update();
    }

    @Test
    void aSecondStartIsInTheWayOfTheFirstBeforeTheHistoryKnowsEither() {
        assertThat(start(turns, "recovery of shop", 5)).isEqualTo(new Start(5, true));
        assertThat(start(turns, "recovery of shop", 6)).isEqualTo(new Start(5, false));
        assertThat(start(turns, "recovery of blog", 7)).as("of another service").isEqualTo(new Start(7, true));
        assertThatThrownBy(() -> start(turns, "recovery of shop", 8).orThrow(run -> new IllegalStateException("run " + run)))
                .hasMessage("run 5");
    }

    @Test
    void aRunThatEndedAtOnceHoldsNobodyBack() {
        start(turns, "recovery of shop", 5);
        exported(5, true);
        assertThat(start(turns, "recovery of shop", 6)).isEqualTo(new Start(6, true));
    }

    @Test
    void onceTheHistoryKnowsTheRunItsWordCounts() {
        start(turns, "recovery of shop", 5);
        exported(5, false);
        StartTurns later = server(NOW.plus(Duration.ofSeconds(6)));
        assertThat(later.start("recovery of shop", () -> Optional.of(5L), () -> 6)).isEqualTo(new Start(5, false));
        assertThat(start(later, "recovery of shop", 6)).as("writing its report").isEqualTo(new Start(6, true));
    }

    @Test
    void aRunThatTheHistoryNeverHearsOfHoldsNobodyBackForLong() {
        start(turns, "recovery of shop", 5);
        assertThat(start(server(NOW.plus(Duration.ofSeconds(59))), "recovery of shop", 6).ours()).isFalse();
        assertThat(start(server(NOW.plus(Duration.ofSeconds(61))), "recovery of shop", 6).ours()).isTrue();
    }

    @Test
    void aStartThatTheEngineRefusesLeavesTheTurnFree() {
        assertThatThrownBy(() -> turns.start("recovery of shop", Optional::empty, () -> {
                    throw new IllegalStateException("the engine is away");
                }))
                .hasMessage("the engine is away");
        assertThat(start(turns, "recovery of shop", 6).ours()).isTrue();
    }

    @Test
    void ofManyAtOnceOneStartsAndTheOthersAreToldWhich() throws Exception {
        int many = 8;
        CyclicBarrier together = new CyclicBarrier(many);
        AtomicInteger started = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            List<Future<Start>> all = IntStream.range(0, many)
                    .mapToObj(n -> threads.submit(() -> {
                        together.await();
                        return server(NOW).start("servers of shop", Optional::empty, () -> 100 + started.incrementAndGet());
                    }))
                    .toList();
            for (Future<Start> one : all) {
                assertThat(one.get().run()).isEqualTo(101);
            }
        }
        assertThat(started).hasValue(1);
    }

    @Test
    void withoutTheStateDatabaseNothingIsStarted() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setURL("jdbc:postgresql://127.0.0.1:1/none");
        AtomicInteger started = new AtomicInteger();
        assertThatThrownBy(() -> new StartTurns(nowhere, new History(nowhere), Clock.systemUTC())
                        .start("recovery of shop", Optional::empty, started::incrementAndGet))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(StartTurns.DOWN));
        assertThat(started).hasValue(0);
    }
}
