package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.response.ActivatedJob;
import io.camunda.client.api.worker.JobClient;
import io.camunda.client.api.worker.JobWorker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Workers for every job type that touch nothing, so that the BPMN itself is what a test tries. Each service has a script
 * of its own; without one every step succeeds on a service whose orders database lost rows.
 */
final class FakeRunbook implements AutoCloseable {
    private static final List<String> TYPES = List.of(
            "plan-backup", "dump-database", "base-backup", "sync-files", "check-backup", "copy-offsite", "record-backup",
            "expire-backups", "plan-check", "recheck-copy", "open-incident", "collect-evidence", "select-backup", "compare-tables", "fence-service", "cut-over",
            "check-behind-fence", "unfence-service", "check-service", "measure-loss", "notify", "escalate",
            "discard-restored", "swap-back", "restore-database", "prove-database", "restore-files", "prove-files",
            "collect-timeline", "write-report", "close-incident", "open-drill", "prepare-drill", "score-drill",
            "tear-down-drill", "write-evidence", "restore-server", "prove-server", "cut-over-server",
            "swap-back-server", "discard-server", "check-protection", "open-failover", "witness-primary", "fence-primary", "promote-standby",
            "repoint-clients", "prove-writes", "rebuild-redundancy", "open-switchover", "switch-over", "open-rejoin", "prepare-primary",
            "build-standby");

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<JobWorker> workers = new ArrayList<>();

    FakeRunbook(CamundaClient client) {
        TYPES.forEach(type -> workers.add(client.newWorker()
                .jobType(type)
                .handler(this::work)
                .timeout(Duration.ofDays(30))
                .pollInterval(Duration.ofMillis(50))
                .streamEnabled(true)
                .open()));
    }

    /** What this service's steps do; the name must be one test's own. */
    Script script(String service) {
        return scripts.computeIfAbsent(service, Script::new);
    }

    @Override
    public void close() {
        workers.forEach(JobWorker::close);
    }

    private void work(JobClient client, ActivatedJob job) {
        Map<String, Object> variables = job.getVariablesAsMap();
        Script script = script((String) variables.get("service"));
        try {
            client.newCompleteCommand(job)
                    .variables(script.perform(job.getType(), variables))
                    .send();
        } catch (StepFailed e) {
            client.newThrowErrorCommand(job)
                    .errorCode("STEP_FAILED")
                    .errorMessage(e.getMessage())
                    .variables(Map.of("failedStep", job.getType(), "failure", failure(e.getMessage())))
                    .send();
        }
    }

    static Map<String, Object> failure(String what) {
        return Map.of("code", "test", "what", what, "meaning", "Nothing was changed.", "next", "Try again.");
    }

    /** A step that fails for good. */
    static final class StepFailed extends RuntimeException {
        StepFailed(String what) {
            super(what);
        }
    }

    /** What one execution of a step answers. */
    interface Step {
        Map<String, Object> perform(Map<String, Object> variables, int attempt);
    }

    /** The steps of one service. */
    static final class Script {
        private final String service;
        private final Map<String, Step> steps = new ConcurrentHashMap<>();
        private final List<String> calls = new CopyOnWriteArrayList<>();
        private final List<Map<String, Object>> inputs = new CopyOnWriteArrayList<>();

        Script(String service) {
            this.service = service;
        }

        Script on(String type, Step step) {
            steps.put(type, step);
            return this;
        }

        Script always(String type, Map<String, Object> answer) {
            return on(type, (variables, attempt) -> answer);
        }

        /** Throws STEP_FAILED the first {@code times}, then does what it normally does. */
        Script failing(String type, int times) {
            return on(type, (variables, attempt) -> {
                if (attempt <= times) {
                    throw new StepFailed(type + " failed in try " + attempt);
                }
                return Answers.to(type, variables);
            });
        }

        /** Job types in the order they were done. */
        List<String> calls() {
            return List.copyOf(calls);
        }

        long calls(String type) {
            return calls.stream().filter(type::equals).count();
        }

        /** The variables of the last job of this type. */
        Map<String, Object> lastInput(String type) {
            return inputs.get(calls.lastIndexOf(type));
        }

        private Map<String, Object> perform(String type, Map<String, Object> variables) {
            int attempt;
            synchronized (this) {
                inputs.add(new HashMap<>(variables));
                calls.add(type);
                attempt = (int) calls(type);
            }
            return steps.getOrDefault(type, (given, nth) -> Answers.to(type, given)).perform(variables, attempt);
        }

        @Override
        public String toString() {
            return service + ": " + calls;
        }
    }
}
