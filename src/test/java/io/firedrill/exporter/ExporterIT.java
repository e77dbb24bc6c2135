package io.firedrill.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.worker.JobWorker;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Problem;
import io.firedrill.history.RunDetail;
import io.firedrill.history.RunFilter;
import io.firedrill.history.Step;
import io.firedrill.history.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The exporter in a real broker, writing to a real PostgreSQL server that comes and goes. */
class ExporterIT {
    private static final String HERE = "io/firedrill/exporter/";

    @TempDir
    private static Path folder;

    private static LocalPostgres postgres;
    private static ExporterBroker broker;
    private static CamundaClient client;
    private static History history;
    private static JdbcClient state;

    private Lane lane;

    @BeforeAll
    static void startBoth() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        postgres = LocalPostgres.start();
        broker = ExporterBroker.start(folder, postgres, Map.of("MASK", "*password*, token", "BATCHSIZE", "200"));
        client = broker.client();
        history = new History(postgres.dataSource());
        state = JdbcClient.create(postgres.dataSource());
    }

    @AfterAll
    static void stopBoth() throws Exception {
        Awaitility.reset();
        if (client != null) {
            client.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }

    @BeforeEach
    void deploy() {
        lane = new Lane(client, history);
        await().ignoreExceptions().until(() -> client.newDeployResourceCommand()
                        .addResourceFromClasspath(HERE + "seen.bpmn")
                        .addResourceFromClasspath(HERE + "load.bpmn")
                        .addResourceFromClasspath(HERE + "incident.bpmn")
                        .addResourceFromClasspath(HERE + "decide-what-to-do.form")
                        .send()
                        .join()
                != null);
    }

    @Test
    void aRunIsToldFromStartToEnd() {
        long run = lane.begin("seen", Map.of("service", "shop", "requestedBy", "ana", "evidence", Map.of("rows", 12)));
        lane.complete("look", Map.of("summary", "Looked at 12 rows.", "outcome", "seen"));

        Task task = await().until(() -> history.openTasks("shop").stream().filter(t -> t.run() == run).toList(), t ->
                        t.size() == 1)
                .getFirst();
        assertThat(task.name()).isEqualTo("Decide what to do");
        assertThat(task.element()).isEqualTo("Task_Decide");
        assertThat(task.form()).isEqualTo("decide-what-to-do");
        assertThat(task.candidateGroups()).containsExactly("approver", "operator");
        assertThat(task.due()).isBetween(Instant.now().plusSeconds(500), Instant.now().plusSeconds(601));
        assertThat(task.variables())
                .containsEntry("seenFrom", "nearest")
                .containsEntry("evidence", Map.of("rows", 12))
                .containsEntry("service", "shop");
        assertThat(history.openTasks("other")).isEmpty();
        assertThat(history.formSchema(task.key()).orElseThrow()).contains("\"What to do\"");
        assertThat(history.run(run).orElseThrow().run().state()).isEqualTo("waiting");

        client.newAssignUserTaskCommand(task.key()).assignee("bo").send().join();
        await().until(() -> "bo".equals(history.task(task.key()).orElseThrow().assignee()));
        client.newCompleteUserTaskCommand(task.key())
                .variables(Map.of("decision", "work", "decidedBy", "bo", "reason", "It must be."))
                .send()
                .join();
        lane.complete("toil", Map.of("summary", "Toiled."));

        RunDetail told = await().until(() -> history.run(run).orElseThrow(), r -> r.run().state().equals("done"));
        assertThat(told.run().name()).isEqualTo("Something to be seen");
        assertThat(told.run().service()).isEqualTo("shop");
        assertThat(told.run().requestedBy()).isEqualTo("ana");
        assertThat(told.run().outcome()).isEqualTo("seen");
        assertThat(told.run().endedAt()).isAfter(told.run().startedAt());
        assertThat(told.variables()).containsEntry("whatToDo", "work");
        assertThat(told.problems()).isEmpty();
        assertThat(told.steps()).extracting(Step::name, Step::type, Step::state, Step::summary, Step::decidedBy)
                .containsExactly(
                        tuple("Look around", "service-task", "done", "Looked at 12 rows.", null),
                        tuple("Decide what to do", "user-task", "done", null, "bo"),
                        tuple("Do the work", "call-activity", "done", null, null),
                        tuple("Toil", "service-task", "done", "Toiled.", null),
                        tuple("All is done", "end-event", "done", null, null));
        assertThat(told.steps().get(1).decision()).isEqualTo("work");
        assertThat(told.steps().get(1).reason()).isEqualTo("It must be.");
        assertThat(told.steps().get(3).process()).isEqualTo("seen-work");
        assertThat(told.steps().get(3).run()).isNotEqualTo(run);
        assertThat(history.run(told.steps().get(3).run()).orElseThrow().run().parent()).isEqualTo(run);
        assertThat(history.runs(new RunFilter(null, "shop", 100)))
                .extracting(r -> r.id())
                .contains(run)
                .doesNotContain(told.steps().get(3).run());
        assertThat(history.runs(new RunFilter("seen-work", null, 100))).isEmpty();
        assertThat(history.openTasks(null)).noneMatch(t -> t.key() == task.key());
        assertThat(history.lag().orElseThrow()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aFailedStepIsAProblemUntilItIsDone() {
        long run = lane.begin("seen", Map.of());
        lane.fail("look", 1, "The lamp is out.");
        Problem retried = await().until(() -> history.run(run).orElseThrow().problems(), p -> p.size() == 1).getFirst();
        assertThat(retried.step()).isEqualTo("Look around");
        assertThat(retried.message()).isEqualTo("The lamp is out.");
        assertThat(retried.retries()).isEqualTo(1);
        assertThat(history.run(run).orElseThrow().run().state()).isEqualTo("running");

        lane.fail("look", 0, "The lamp is broken.");
        await().until(() -> history.run(run).orElseThrow().run().state().equals("stuck"));
        Problem stuck = history.run(run).orElseThrow().problems().getFirst();
        assertThat(stuck.message()).isEqualTo("The lamp is broken.");
        assertThat(stuck.retries()).isZero();

        long[] keys = state.sql("select key, job_key from engine_history.incident where process_instance_key = ?")
                .param(run)
                .query((row, n) -> new long[] {row.getLong(1), row.getLong(2)})
                .single();
        client.newUpdateRetriesCommand(keys[1]).retries(1).send().join();
        client.newResolveIncidentCommand(keys[0]).send().join();
        lane.complete("look", Map.of());
        await().until(() -> history.run(run).orElseThrow().run().state().equals("waiting"));
        assertThat(history.run(run).orElseThrow().problems()).isEmpty();
        assertThat(history.run(run).orElseThrow().steps().getFirst().attempts()).isEqualTo(3);
        client.newCancelInstanceCommand(run).send().join();
        await().until(() -> history.run(run).orElseThrow().run().state().equals("cancelled"));
        assertThat(history.openTasks(null)).noneMatch(task -> task.run() == run);
    }

    @Test
    void aBusinessErrorShowsAsAFailedStep() {
        long run = lane.begin("seen", Map.of());
        lane.complete("look", Map.of());
        Task task = await().until(() -> history.openTasks(null).stream().filter(t -> t.run() == run).toList(), t ->
                        t.size() == 1)
                .getFirst();
        client.newCompleteUserTaskCommand(task.key()).variables(Map.of("decision", "work")).send().join();
        client.newThrowErrorCommand(lane.activate("toil")).errorCode("BROKEN").errorMessage("The tool broke.").send().join();
        RunDetail told = await().until(() -> history.run(run).orElseThrow(), r -> r.run().state().equals("done"));
        assertThat(told.steps()).extracting(Step::name, Step::state, Step::summary)
                .contains(
                        tuple("Toil", "failed", "The tool broke."),
                        tuple("Do the work", "cancelled", null),
                        tuple("Given up", "done", null));
    }

    @Test
    void anIncidentIsToldByItsRecoveryItsAnalysisAndItsUndoing() {
        long run = startRecovery("shop-i1");
        await().until(() -> history.incident("shop-i1").isPresent());
        assertThat(history.incident("shop-i1").orElseThrow().undoAvailable()).isFalse();
        lane.complete("test-cut-over", Map.of("cutOver", Map.of("awaySeconds", 1), "outcome", "proven"));

        // Each variable is a record of its own, and may be seen before the next one is.
        Incident open = await().until(
                () -> history.incident("shop-i1").orElseThrow(), i -> i.undoAvailable() && i.outcome() != null);
        assertThat(open.run()).isEqualTo(run);
        assertThat(open.state()).isEqualTo("open");
        assertThat(open.service()).isEqualTo("shop");
        assertThat(open.openedAt()).isEqualTo(Instant.parse("2026-11-23T08:45:12.5Z"));
        assertThat(open.cause()).isEqualTo("deleted-rows");
        assertThat(open.strategy()).isEqualTo("restore-all");
        assertThat(open.outcome()).isEqualTo("proven");
        assertThat(open.steps()).extracting(Step::name).contains("Cut over", "Analyse the incident");

        lane.complete("test-close-incident", Map.of("closedAt", "2026-11-23T09:45:12Z"));
        Incident closed = await().until(
                        () -> history.incident("shop-i1").orElseThrow(), i -> i.state().equals("closed"));
        assertThat(closed.closedAt()).isEqualTo(Instant.parse("2026-11-23T09:45:12Z"));
        assertThat(closed.undoAvailable()).isFalse();
        assertThat(history.incident("shop-i2")).isEmpty();
    }

    @Test
    void anIncidentUndoneOnceCannotBeUndoneAgain() {
        long run = startRecovery("shop-i3");
        lane.complete("test-cut-over", Map.of("cutOver", Map.of("awaySeconds", 1)));
        await().until(() -> history.incident("shop-i3").filter(Incident::undoAvailable).isPresent());
        long undo = lane.begin("undo-recovery", Map.of("incident", "shop-i3", "outcome", "undone"));
        Incident undone = await().until(
                () -> history.incident("shop-i3").orElseThrow(), i -> i.undoRuns().size() == 1);
        assertThat(undone.undoRuns().getFirst().id()).isEqualTo(undo);
        assertThat(undone.undoAvailable()).isFalse();
        assertThat(undone.state()).isEqualTo("open");
        client.newCancelInstanceCommand(run).send().join();
    }

    @Test
    void anIncidentWhoseDamageStaysIsOpenUntilAnAnalysisClosesIt() {
        long run = lane.begin("disaster-recovery", Map.of("incident", "shop-i4", "service", "shop", "outcome", "rejected"));
        client.newCancelInstanceCommand(run).send().join();
        await().until(() -> history.run(run).orElseThrow(), r -> r.run().endedAt() != null);
        assertThat(history.incident("shop-i4").orElseThrow().state()).isEqualTo("open");
        assertThat(history.incident("shop-i4").orElseThrow().undoAvailable()).isFalse();

        lane.begin("post-incident", Map.of("incident", "shop-i4", "service", "shop", "requestedBy", "bo", "closeReason", "mended"));
        lane.complete("test-close-incident", Map.of("closedAt", "2026-11-23T09:45:12Z"));
        Incident closed = await().until(
                () -> history.incident("shop-i4").orElseThrow(), i -> i.state().equals("closed"));
        assertThat(closed.closedAt()).isEqualTo(Instant.parse("2026-11-23T09:45:12Z"));
        assertThat(closed.variables()).containsEntry("closeReason", "mended");
        assertThat(closed.steps()).extracting(Step::name).contains("Close the incident");
    }

    @Test
    void aRecoveryCancelledBeforeAnythingMovedLeavesNothingOpen() {
        long run = lane.begin("disaster-recovery", Map.of("incident", "shop-i5", "service", "shop"));
        client.newCancelInstanceCommand(run).send().join();
        Incident ended = await().until(
                () -> history.incident("shop-i5").orElseThrow(), i -> i.closedAt() != null);
        assertThat(ended.state()).isEqualTo("closed");
    }

    private long startRecovery(String incident) {
        return lane.begin("disaster-recovery", Map.of(
                "incident", incident,
                "service", "shop",
                "openedAt", "2026-11-23T08:45:12.5Z",
                "diagnosis", Map.of("cause", "deleted-rows", "strategy", "restore-databases"),
                "strategy", "restore-all"));
    }

    @Test
    void maskedVariablesNeverReachTheDatabase() {
        long run = lane.begin("seen", Map.of("dbPassword", "s3cr3t-a", "deep", Map.of("token", List.of("s3cr3t-b"), "n", 1)));
        lane.complete("look", Map.of("password2", "s3cr3t-c"));
        await().until(() -> history.run(run).orElseThrow().variables().containsKey("password2"));
        assertThat(history.run(run).orElseThrow().variables())
                .containsEntry("dbPassword", "(masked)")
                .containsEntry("password2", "(masked)")
                .containsEntry("deep", Map.of("token", "(masked)", "n", 1));
        assertThat(state.sql("select count(*) from engine_history.record where record::text like '%s3cr3t%'")
                        .query(Long.class)
                        .single())
                .isZero();
        client.newCancelInstanceCommand(run).send().join();
    }

    @Test
    void oddTextStopsNothing() {
        String odd = "nul \0, quote \" and \\, \uD83D\uDD25, line\nend";
        long run = lane.begin("seen", Map.of("odd", odd));
        lane.fail("look", 1, odd);
        await().until(() -> history.run(run).orElseThrow().problems().size() == 1);
        assertThat(history.run(run).orElseThrow().variables()).containsEntry("odd", odd);
        lane.complete("look", Map.of("summary", odd));
        await().until(() -> history.run(run).orElseThrow().run().state().equals("waiting"));
        client.newCancelInstanceCommand(run).send().join();
    }

    @Test
    void nothingIsLostOrDoubleWhileTheStateDatabaseIsAway() throws Exception {
        Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        try (JobWorker worker = carry()) {
            try (Load load = new Load(client, acknowledged)) {
                await().until(() -> acknowledged.size() > 50);
                postgres.down();
                int before = acknowledged.size();
                // More than one batch, so that the exporter has to refuse records.
                await().until(() -> acknowledged.size() > before + 200);
                assertThat(broker.log()).contains("The state database takes no records");
                postgres.up();
                int after = acknowledged.size();
                await().until(() -> acknowledged.size() > after + 20);
            }
            assertEveryRunIsThereOnce(acknowledged);
        }
    }

    @Test
    void nothingIsLostOrDoubleWhenTheBrokerIsKilled() throws Exception {
        Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
        try (JobWorker worker = carry()) {
            try (Load load = new Load(client, acknowledged)) {
                await().until(() -> acknowledged.size() > 50);
                broker.kill();
                broker.up();
                int after = acknowledged.size();
                await().until(() -> acknowledged.size() > after + 20);
                broker.down();
                broker.up();
                int again = acknowledged.size();
                await().until(() -> acknowledged.size() > again + 20);
            }
            assertEveryRunIsThereOnce(acknowledged);
        }
    }

    private void assertEveryRunIsThereOnce(Queue<Long> acknowledged) {
        List<Long> runs = List.copyOf(acknowledged);
        String there = "select count(*) from engine_history.process_instance where key in (:runs) and state = 'completed'";
        await().until(() -> state.sql(there)
                        .param("runs", runs)
                        .query(Long.class)
                        .single()
                == runs.size());
        // Runs alike leave equally many records, each run's fewer or more would be lost or double.
        assertThat(state.sql("""
                        select distinct count(*) from engine_history.record
                        where value_type = 'PROCESS_INSTANCE' and process_instance_key in (:runs)
                        group by process_instance_key""").param("runs", runs).query(Long.class).list())
                .hasSize(1);
        assertThat(state.sql("""
                        select count(*) from engine_history.element_instance
                        where process_instance_key in (:runs) and state = 'completed' and ended_at >= started_at""")
                        .param("runs", runs)
                        .query(Long.class)
                        .single())
                .isEqualTo(3L * runs.size());
        assertThat(state.sql("select count(*) from engine_history.variable where name = 'n' and scope_key in (:runs)")
                        .param("runs", runs)
                        .query(Long.class)
                        .single())
                .isEqualTo(runs.size());
    }

    private static JobWorker carry() {
        return client.newWorker()
                .jobType("carry")
                .handler((jobs, job) -> jobs.newCompleteCommand(job).send())
                .timeout(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .open();
    }
}
