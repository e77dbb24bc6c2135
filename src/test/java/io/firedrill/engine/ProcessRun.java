package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One process instance and those it called, as a test sees and drives them. */
final class ProcessRun {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CamundaClient client;
    private final EngineLog log;
    private final long key;
    private final Set<Long> answered = new HashSet<>();

    private ProcessRun(CamundaClient client, EngineLog log, long key) {
        this.client = client;
        this.log = log;
        this.key = key;
    }

    static ProcessRun start(CamundaClient client, EngineLog log, String process, Map<String, Object> variables) {
        long key = client.newCreateInstanceCommand()
                .bpmnProcessId(process)
                .latestVersion()
                .variables(variables)
                .send()
                .join()
                .getProcessInstanceKey();
        return new ProcessRun(client, log, key);
    }

    /** Answers the open user task of this element, waiting for it to appear. */
    ProcessRun decide(String element, String decision, @Nullable String by) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("decision", decision);
        variables.put("reason", "because the test says so");
        variables.put("decidedBy", by);
        variables.put("decidedAt", "2026-11-23T09:00:00Z");
        return complete(element, variables);
    }

    ProcessRun complete(String element, Map<String, Object> variables) {
        JsonNode task = awaitTask(element);
        long taskKey = task.path("value").path("userTaskKey").asLong();
        answered.add(taskKey);
        client.newCompleteUserTaskCommand(taskKey).variables(variables).send().join();
        return this;
    }

    /** The open, not yet answered user task of this element. */
    JsonNode awaitTask(String element) {
        return await("an open task " + element, () -> openTasks().filter(task -> elementOf(task).equals(element))
                .findFirst()
                .orElse(null));
    }

    Stream<JsonNode> openTasks() {
        Set<Long> over = new HashSet<>(answered);
        log.events("USER_TASK", "COMPLETED", "CANCELED")
                .forEach(event -> over.add(event.path("value").path("userTaskKey").asLong()));
        return mine(log.events("USER_TASK", "CREATED"))
                .filter(event -> !over.contains(event.path("value").path("userTaskKey").asLong()));
    }

    ProcessRun awaitEnd() {
        await("the end of the run", () -> ended() ? true : null);
        return this;
    }

    boolean ended() {
        return log.events("PROCESS_INSTANCE", "ELEMENT_COMPLETED")
                .anyMatch(event -> event.path("value").path("processInstanceKey").asLong() == key
                        && event.path("value").path("bpmnElementType").asString().equals("PROCESS"));
    }

    /** Ids of the elements entered so far, in this run and those it called. */
    List<String> path() {
        return mine(log.events("PROCESS_INSTANCE", "ELEMENT_ACTIVATED"))
                .map(ProcessRun::elementOf)
                .toList();
    }

    /** Names of the tasks and call activities entered so far. */
    List<String> tasks() {
        return path().stream()
                .filter(id -> id.startsWith("Task_") || id.startsWith("CallActivity_"))
                .toList();
    }

    long timesEntered(String element) {
        return path().stream().filter(element::equals).count();
    }

    /** A variable of the run itself, as it is now. */
    JsonNode variable(String name) {
        return log.parse(log.events("VARIABLE", "CREATED", "UPDATED")
                .filter(event -> event.path("value").path("scopeKey").asLong() == key)
                .filter(event -> event.path("value").path("name").asString().equals(name))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("No variable " + name + " in the run"))
                .path("value")
                .path("value")
                .asString());
    }

    String outcome() {
        return variable("outcome").asString();
    }

    /** What the engine could not go on with, for this run. */
    Stream<String> problems() {
        return mine(log.events("INCIDENT", "CREATED"))
                .map(event -> elementOf(event) + ": "
                        + event.path("value").path("errorMessage").asString());
    }

    void cancel() {
        client.newCancelInstanceCommand(key).send().join();
    }

    <T> T await(String what, Supplier<@Nullable T> look) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T found = look.get();
            if (found != null) {
                return found;
            }
            assertThat(problems()).as("problems while waiting for %s after %s", what, tasks()).isEmpty();
            assertThat(System.nanoTime()).as("deadline for %s after %s", what, tasks()).isLessThan(deadline);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, e);
            }
        }
    }

    private Stream<JsonNode> mine(Stream<JsonNode> events) {
        Set<Long> family = new HashSet<>(Set.of(key));
        log.events("PROCESS_INSTANCE", "ELEMENT_ACTIVATING", "ELEMENT_ACTIVATED").forEach(event -> {
            if (family.contains(event.path("value").path("parentProcessInstanceKey").asLong())) {
                family.add(event.path("value").path("processInstanceKey").asLong());
            }
        });
        return events.filter(
                event -> family.contains(event.path("value").path("processInstanceKey").asLong()));
    }

    private static String elementOf(JsonNode event) {
        return event.path("value").path("elementId").asString();
    }
}
