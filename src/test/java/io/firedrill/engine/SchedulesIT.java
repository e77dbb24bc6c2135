package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import io.camunda.zeebe.model.bpmn.Bpmn;
import io.firedrill.exporter.LocalPostgres;
import io.firedrill.history.History;
import io.firedrill.history.RunFilter;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.Recheck;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plan's schedules in the broker that comes with Firedrill, in a time zone of their own, its clock moved by the test;
 * what ran is read from the history, as people see it.
 */
class SchedulesIT {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String NEVER = "0 0 0 29 2 *";

    @TempDir
    Path folder;

    private LocalPostgres postgres;
    private EmbeddedBroker broker;
    private CamundaClient client;
    private History history;
    /** How far the broker's clock is ahead of ours. */
    private Duration ahead = Duration.ZERO;

    @BeforeEach
    void start() throws Exception {
        postgres = LocalPostgres.start();
        broker = new EmbeddedBroker(
                new Home(folder), Path.of(System.getProperty("firedrill.zeebe")), BERLIN, Map.of("ZEEBE_CLOCK_CONTROLLED", "true"));
        broker.start(state());
        history = new History(postgres.dataSource());
        connect();
        deploy("backup");
        deploy("check-backups");
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        broker.stop();
        postgres.close();
    }

    private Database state() {
        URI url = URI.create(postgres.url().replace("jdbc:", ""));
        return new Database("state", url.getHost(), url.getPort(), postgres.user(), "postgres",
                Map.of(), Optional.of(postgres.passwordFile()));
    }

    private void connect() {
        client = EngineClient.connect(broker.addresses());
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> new Runs(client, new tools.jackson.databind.json.JsonMapper()).ready());
    }

    /** What a schedule calls; here it ends at once. */
    private void deploy(String process) {
        client.newDeployResourceCommand()
                .addProcessModel(Bpmn.createExecutableProcess(process).startEvent().endEvent().done(), process + ".bpmn")
                .send()
                .join();
    }

    private Service service(String name, String recheck, String... schedules) {
        List<BackupEntry> entries = new ArrayList<>();
        for (String schedule : schedules) {
            entries.add(new BackupEntry(BackupKind.FILES, Optional.of(schedule), Keep.DEFAULT));
        }
        return new Service(name, Objectives.DEFAULT, Map.of(), Map.of("uploads", new FileSet("uploads", folder)), List.of(), entries,
                Approvals.DEFAULT, Optional.empty(), new Recheck(recheck, Duration.ofDays(30), Duration.ofHours(2)));
    }

    private void plan(Service... services) {
        Map<String, Service> byName = new LinkedHashMap<>();
        List.of(services).forEach(service -> byName.put(service.name(), service));
        RecoveryPlan plan = new RecoveryPlan(folder.resolve("plan"), "", byName,
                Map.of("local", new StorePlan.Directory("local", folder.resolve("store"))), Optional.empty(), List.of(),
                new EnginePlan.Embedded(), new StatePlan.Embedded(), BERLIN);
        new Schedules(client, history, plan, Clock.fixed(now(), ZoneOffset.UTC)).deploy();
    }

    /** By the broker's clock. */
    private Instant now() {
        return Instant.now().plus(ahead);
    }

    private void moveTo(Instant moment) throws IOException, InterruptedException {
        // After a start the management port comes up later than the gateway's.
        Awaitility.await().atMost(Duration.ofMinutes(2)).ignoreExceptions().until(() -> HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(broker.management().resolve("/actuator/health/readiness")).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode() == 200);
        Duration by = Duration.between(now(), moment);
        HttpResponse<String> response = HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(broker.management().resolve("/actuator/clock/add"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"offsetMilli\":" + by.toMillis() + "}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        ahead = ahead.plus(by);
    }

    /** Runs so far by process id. */
    private Map<String, Integer> ran() {
        Map<String, Integer> ran = new TreeMap<>();
        history.runs(new RunFilter(null, null, 1000)).forEach(run -> ran.merge(run.process(), 1, Integer::sum));
        return ran;
    }

    /** Until they ran so often; then, after a run of our own has shown up behind them, still not more often. */
    private void awaitRan(String process, int times) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() ->
                assertThat(ran().getOrDefault(process, 0)).isEqualTo(times));
        settle();
        assertThat(ran().getOrDefault(process, 0)).isEqualTo(times);
    }

    /** What the engine did before now is in the history after this. */
    private void settle() {
        long run = client.newCreateInstanceCommand().bpmnProcessId("check-backups").latestVersion().send().join().getProcessInstanceKey();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> history.run(run).filter(r -> r.run().endedAt() != null).isPresent());
    }

    private static Instant berlin(ZonedDateTime day, int hour, int minute) {
        return day.withHour(hour).withMinute(minute).withSecond(0).withNano(0).toInstant();
    }

    @Test
    void timersFollowThePlan() throws Exception {
        ZonedDateTime day = now().atZone(BERLIN).plusDays(1);
        plan(service("shop", NEVER, "0 0 2 * * *"), service("blog", NEVER, "0 0 2 * * *"));
        settle();
        moveTo(berlin(day, 2, 1));
        awaitRan("backup-schedule-shop-files-1", 1);
        awaitRan("backup-schedule-blog-files-1", 1);

        // The same plan again, as a second server deploys it, changes nothing.
        plan(service("shop", NEVER, "0 0 2 * * *"), service("blog", NEVER, "0 0 2 * * *"));
        assertThat(history.processDefinitions("backup-schedule-")).allSatisfy((id, versions) -> assertThat(versions).hasSize(1));

        // Another time of day, another entry, a service that is gone.
        plan(service("shop", "0 30 5 * * *", "0 0 4 * * *", "0 0 16 * * *"));
        settle();
        moveTo(berlin(day.plusDays(1), 2, 1));
        awaitRan("backup-schedule-shop-files-1", 2);
        awaitRan("backup-schedule-shop-files-2", 1);
        awaitRan("check-schedule-shop", 1);
        moveTo(berlin(day.plusDays(1), 4, 1));
        awaitRan("backup-schedule-shop-files-1", 3);
        awaitRan("check-schedule-shop", 1);
        moveTo(berlin(day.plusDays(1), 5, 31));
        awaitRan("check-schedule-shop", 2);
        awaitRan("backup-schedule-blog-files-1", 1);

        // An entry that is gone.
        plan(service("shop", NEVER, "0 0 4 * * *"));
        settle();
        moveTo(berlin(day.plusDays(2), 4, 1));
        awaitRan("backup-schedule-shop-files-1", 4);
        awaitRan("backup-schedule-shop-files-2", 1);
        awaitRan("check-schedule-shop", 2);
        awaitRan("backup-schedule-blog-files-1", 1);
    }

    @Test
    void whatCameDueWhileTheEngineWasDownIsCaughtUpOnce() throws Exception {
        plan(service("shop", NEVER, "0 0 * * * *"));
        settle();
        client.close();
        long pid = Long.parseLong(Files.readString(folder.resolve("engine/broker.pid")).strip().split("\\s+")[0]);
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().get();

        ahead = Duration.ZERO;
        broker.start(state());
        connect();
        // Three days and some missed hours later, as the broker sees it.
        Instant later = now().atZone(BERLIN).plusDays(3).withMinute(20).toInstant();
        moveTo(later);
        awaitRan("backup-schedule-shop-files-1", 1);
        moveTo(later.plus(Duration.ofHours(1)));
        awaitRan("backup-schedule-shop-files-1", 2);
    }

    @Test
    void clocksThatChangeNeitherSkipNorDoubleARun() throws Exception {
        plan(service("shop", NEVER, "0 30 2 * * *", "0 0 3 * * *"));
        settle();
        ZonedDateTime forward = lastSunday(3);
        moveTo(berlin(forward.minusDays(1), 12, 0));
        awaitRan("backup-schedule-shop-files-1", 1);
        awaitRan("backup-schedule-shop-files-2", 1);

        // 02:30 does not exist on this day: the run starts when the clocks change.
        moveTo(berlin(forward, 1, 59));
        awaitRan("backup-schedule-shop-files-1", 1);
        moveTo(berlin(forward, 3, 1));
        awaitRan("backup-schedule-shop-files-1", 2);
        awaitRan("backup-schedule-shop-files-2", 2);
        moveTo(berlin(forward, 23, 0));
        awaitRan("backup-schedule-shop-files-1", 2);

        // 02:30 comes twice on this one.
        ZonedDateTime back = lastSunday(10);
        moveTo(berlin(back.minusDays(1), 12, 0));
        awaitRan("backup-schedule-shop-files-1", 3);
        moveTo(berlin(back, 23, 0));
        awaitRan("backup-schedule-shop-files-1", 4);
        awaitRan("backup-schedule-shop-files-2", 4);
    }

    /** The next year's, when the clocks change in Berlin. */
    private static ZonedDateTime lastSunday(int month) {
        return ZonedDateTime.now(BERLIN).plusYears(1).withDayOfYear(1).withMonth(month)
                .with(TemporalAdjusters.lastInMonth(java.time.DayOfWeek.SUNDAY));
    }
}
