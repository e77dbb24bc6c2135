package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.console.access.Role;
import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.proof.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What alerts lead to, remembered in a real state database by several servers at once. */
class AlertsIT {
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();
    private static final Actor MONITOR = new Actor("alertmanager", Set.of(Role.OPERATOR));

    private static RecoveryPlan plan;
    private static DataSource state;

    /** Every start, as the engine would have been asked. */
    private final ConcurrentLinkedQueue<Operations.RecoveryRequest> started = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void prepare(@TempDir Path folder) throws IOException {
        plan = PlanReader.read(Files.writeString(folder.resolve("plan.yaml"), """
                services:
                  shop: {files: {uploads: {path: /srv/shop}}}
                  blog: {files: {pages: {path: /srv/blog}}}
                stores: {local: {path: /backups}}
                alerts:
                  - {match: {alertname: DiskFillsUp}, service: shop, recover: false}
                  - {match: {alertname: "~Postgres.*", job: shop}, service: shop, cause: hardware}
                  - {match: {job: blog}, service: blog}
                """));
        POSTGRES.create("alerts");
        state = POSTGRES.dataSource("alerts");
        Flyway.configure().dataSource(state).schemas("firedrill").outOfOrder(true).load().migrate();
        String schema = new String(AlertsIT.class.getResourceAsStream("/db/exporter/V1__engine_history.sql").readAllBytes(), StandardCharsets.UTF_8);
        POSTGRES.sql("alerts", "create schema engine_history", schema);
    }

    @AfterAll
    static void drop() {
        POSTGRES.drop("alerts");
    }

    @BeforeEach
    void forget() {
        POSTGRES.sql("alerts", "delete from firedrill.alert", "delete from engine_history.process_instance");
    }

    private Alerts server(Clock clock) {
        return new Alerts(plan, (request, actor) -> {
            started.add(request);
            return started.size();
        }, new History(state), state, clock);
    }

    private static Alert alert(String fingerprint, String name, String job) {
        return new Alert(fingerprint, fingerprint, name, false, Map.of("alertname", name, "job", job), "it is down");
    }

    private static Alert resolved(Alert alert) {
        return new Alert(alert.key() + " resolved", alert.episode(), alert.name(), true, alert.labels(), "");
    }

    @Test
    void theFirstRuleThatFitsSaysWhichServiceAndCause() {
        Alerts server = server(Clock.systemUTC());
        assertThat(server.take(alert("1", "PostgresDown", "shop"), MONITOR)).isEqualTo(new Alerts.Answer("PostgresDown", "started", "shop", "hardware", 1L));
        assertThat(started.peek()).isEqualTo(new Operations.RecoveryRequest("shop", "hardware", null, null, "Alert PostgresDown: it is down"));
        assertThat(server.take(alert("2", "PageSlow", "blog"), MONITOR).service()).isEqualTo("blog");
        assertThat(server.take(alert("3", "DiskFillsUp", "shop"), MONITOR)).isEqualTo(new Alerts.Answer("DiskFillsUp", "recorded", "shop", null, null));
        assertThat(server.take(alert("4", "PageSlow", "shop"), MONITOR)).isEqualTo(new Alerts.Answer("PageSlow", "unmatched", null, null, null));
        assertThat(started).hasSize(2);
    }

    @Test
    void manyAlertsToldToTwoServersAtOnceStartOneRecovery() throws Exception {
        List<Alerts> servers = List.of(server(Clock.systemUTC()), server(Clock.systemUTC()));
        List<Callable<Alerts.Answer>> tellings = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            Alert alert = alert("f" + i % 6, "PostgresDown", "shop");
            Alerts server = servers.get(i % 2);
            tellings.add(() -> server.take(alert, MONITOR));
        }
        List<String> did = new ArrayList<>();
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Alerts.Answer> answer : people.invokeAll(tellings)) {
                assertThat(answer.get().run()).isEqualTo(1L);
                did.add(answer.get().did());
            }
        }
        assertThat(started).hasSize(1);
        assertThat(did).containsOnly("started", "joined", "duplicate");
        assertThat(did.stream().filter("started"::equals)).hasSize(1);
        assertThat(did.stream().filter("joined"::equals)).hasSize(5);
        assertThat(POSTGRES.value("alerts", "select sum(told) from firedrill.alert")).isEqualTo("24");
    }

    @Test
    void onceTheRecoveryHasEndedANewAlertStartsAnotherAndTheOldOneStillNone() {
        Alerts server = server(Clock.systemUTC());
        server.take(alert("1", "PostgresDown", "shop"), MONITOR);
        POSTGRES.sql("alerts", "insert into engine_history.process_instance values (1, 1, 'disaster-recovery', 1, null, null, 'COMPLETED', now(), now(), 1)");
        assertThat(server.take(alert("1", "PostgresDown", "shop"), MONITOR).did()).isEqualTo("duplicate");
        assertThat(server.take(alert("2", "PostgresDown", "shop"), MONITOR)).extracting(Alerts.Answer::did, Alerts.Answer::run).containsExactly("started", 2L);
    }

    @Test
    void aRunThatTheHistoryNeverHearsOfDoesNotCountForEver() {
        server(Clock.systemUTC()).take(alert("1", "PostgresDown", "shop"), MONITOR);
        Alerts later = server(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11)));
        assertThat(later.take(alert("2", "PostgresDown", "shop"), MONITOR).did()).isEqualTo("started");
    }

    @Test
    void thatItIsWellAgainIsRecordedAndStartsNothing() {
        Alerts server = server(Clock.systemUTC());
        Alert firing = alert("1", "PostgresDown", "shop");
        server.take(firing, MONITOR);
        assertThat(server.take(resolved(firing), MONITOR).did()).isEqualTo("resolved");
        assertThat(server.take(resolved(firing), MONITOR).did()).isEqualTo("duplicate");
        assertThat(POSTGRES.value("alerts", "select count(*) from firedrill.alert where resolved_at is not null")).isEqualTo("2");
        assertThat(server.take(resolved(alert("9", "PostgresDown", "shop")), MONITOR).did()).isEqualTo("recorded");
        assertThat(started).hasSize(1);
    }

    @Test
    void anAlertThatCouldStartNothingIsNotRememberedSoThatItCanBeSentAgain() {
        Alerts failing = new Alerts(plan, (request, actor) -> {
            throw new Failure("engine-unreachable", "away", "", "").passing();
        }, new History(state), state, Clock.systemUTC());
        Alert alert = alert("1", "PostgresDown", "shop");
        assertThatThrownBy(() -> failing.take(alert, MONITOR)).hasMessageContaining("away");
        assertThat(server(Clock.systemUTC()).take(alert, MONITOR).did()).isEqualTo("started");
        PGSimpleDataSource away = (PGSimpleDataSource) POSTGRES.dataSource("alerts");
        away.setDatabaseName("not-there");
        Alerts blind = new Alerts(plan, (request, actor) -> 1, new History(away), away, Clock.systemUTC());
        assertThatThrownBy(() -> blind.take(alert("2", "PostgresDown", "shop"), MONITOR)).hasMessageContaining("Nothing was started");
    }
}
