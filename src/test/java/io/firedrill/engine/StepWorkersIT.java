package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.camunda.client.CamundaClient;
import io.camunda.zeebe.model.bpmn.Bpmn;
import io.firedrill.runbook.Process;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** How steps are done once, whatever the engine does with their jobs; on the real broker, its clock moved by the test. */
class StepWorkersIT {
    private static TestBroker broker;
    private static CamundaClient client;

    @BeforeAll
    static void deploy(@TempDir Path dir) throws IOException, InterruptedException {
        broker = TestBroker.start(dir);
        client = broker.client();
        client.newDeployResourceCommand()
                .addProcessModel(Bpmn.createExecutableProcess("slow").startEvent()
                        .serviceTask("Task_TakeLong", task -> task.zeebeJobType("take-long"))
                        .endEvent().done(), "slow.bpmn")
                .send()
                .join();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        client.close();
        broker.close();
    }

    @Process("slow")
    public static final class Slow {
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch mayEnd = new CountDownLatch(1);

        public record Asked(String service) {}

        public record Taken(int times) {}

        public Taken takeLong(Asked asked) {
            int times = begun.incrementAndGet();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Taken(times);
        }
    }

    @Test
    void aJobHandedOutAgainWhileItIsDoneHereIsNotDoneTwice() throws IOException, InterruptedException {
        Slow slow = new Slow();
        try (StepWorkers workers = new StepWorkers(
                client, new JsonMapper(), new ProgressBoard(Clock.systemUTC()), CaughtFailures.in(List.of()), List.of(slow))) {
            workers.open();
            ProcessRun run = ProcessRun.start(client, broker.log(), "slow", Map.of("service", "shop"));
            await().atMost(Duration.ofSeconds(20)).until(() -> slow.begun.get() == 1);
            broker.advanceClock(StepWorkers.TIMEOUT.multipliedBy(4));
            await().atMost(Duration.ofSeconds(60)).until(() -> timesHandedOut() == 2);
            slow.mayEnd.countDown();
            run.awaitEnd();
            assertThat(run.variable("times").asInt()).isEqualTo(1);
        }
        assertThat(slow.begun).hasValue(1);
    }

    private static long timesHandedOut() {
        return broker.log().events("JOB_BATCH", "ACTIVATED")
                .mapToInt(event -> event.path("value").path("jobKeys").size())
                .sum();
    }
}
