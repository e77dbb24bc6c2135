package io.firedrill.exporter;

import static org.awaitility.Awaitility.await;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.response.ActivatedJob;
import io.firedrill.history.History;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Runs and jobs of one test, kept apart from the other tests' by the variable {@code lane} in the jobs' types. */
final class Lane {
    private final String name = UUID.randomUUID().toString();
    private final CamundaClient client;
    private final History history;

    Lane(CamundaClient client, History history) {
        this.client = client;
        this.history = history;
    }

    /** Starts a run and waits until the history knows it. */
    long begin(String process, Map<String, Object> variables) {
        Map<String, Object> all = new HashMap<>(variables);
        all.put("lane", name);
        long run = start(client, process, all);
        await().until(() -> history.run(run).isPresent());
        return run;
    }

    void complete(String type, Map<String, Object> variables) {
        client.newCompleteCommand(activate(type)).variables(variables).send().join();
    }

    void fail(String type, int retries, String message) {
        client.newFailCommand(activate(type)).retries(retries).errorMessage(message).send().join();
    }

    ActivatedJob activate(String type) {
        return await().until(
                        () -> client.newActivateJobsCommand()
                                .jobType(type + "-" + name)
                                .maxJobsToActivate(1)
                                .timeout(Duration.ofMinutes(1))
                                .requestTimeout(Duration.ofSeconds(5))
                                .send()
                                .join()
                                .getJobs(),
                        jobs -> !jobs.isEmpty())
                .getFirst();
    }

    static long start(CamundaClient client, String process, Map<String, Object> variables) {
        return client.newCreateInstanceCommand()
                .bpmnProcessId(process)
                .latestVersion()
                .variables(variables)
                .send()
                .join()
                .getProcessInstanceKey();
    }
}
