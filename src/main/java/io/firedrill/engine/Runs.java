package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientException;
import io.camunda.client.api.command.ClientHttpException;
import io.camunda.client.api.command.ProblemException;
import io.camunda.client.api.response.BrokerInfo;
import io.camunda.client.api.response.PartitionBrokerHealth;
import io.camunda.client.api.response.PartitionBrokerRole;
import io.camunda.client.api.response.Topology;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What people do to the engine: start runs, complete tasks, ask for a decision. */
public final class Runs {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final CamundaClient client;
    private final JsonMapper json;

    public Runs(CamundaClient client, JsonMapper json) {
        this.client = client;
        this.json = json;
    }

    /** Starts the newest version of the process and returns the run's id. */
    public long start(String process, Map<String, ?> variables) {
        return answer(client.newCreateInstanceCommand()
                        .bpmnProcessId(process)
                        .latestVersion()
                        .variables(json.writeValueAsString(variables))
                        .send())
                .getProcessInstanceKey();
    }

    public void claim(long task, String person) {
        answer(client.newAssignUserTaskCommand(task).assignee(person).allowOverride(true).send());
    }

    /** Somebody else may have been faster: that is the failure {@code task-gone}. */
    public void complete(long task, Map<String, ?> variables) {
        answer(client.newCompleteUserTaskCommand(task)
                .variables(json.writeValueAsString(variables))
                .send());
    }

    public void cancel(long run) {
        answer(client.newCancelInstanceCommand(run).send());
    }

    /** Sets variables of the run itself; called again it sets them again. */
    public void set(long run, Map<String, ?> variables) {
        answer(client.newSetVariablesCommand(run).variables(json.writeValueAsString(variables)).send());
    }

    /** Ends this instance of an element and begins another in the same scope, as one change. */
    public void leave(long run, long elementInstance, String next) {
        answer(client.newModifyProcessInstanceCommand(run)
                .terminateElement(elementInstance)
                .and()
                .activateElement(next)
                .send());
    }

    /** Gives a job that used up its retries new ones, and lets the run go on. */
    public void retry(long incident, long job) {
        if (job > 0) {
            answer(client.newUpdateRetriesCommand(job).retries(3).send());
        }
        answer(client.newResolveIncidentCommand(incident).send());
    }

    /** Evaluates a decision without any run. */
    public JsonNode decide(String decision, Map<String, ?> variables) {
        return json.readTree(answer(client.newEvaluateDecisionCommand()
                        .decisionId(decision)
                        .variables(json.writeValueAsString(variables))
                        .send())
                .getDecisionOutput());
    }

    /** Whether every partition has a healthy leader. */
    public boolean ready() {
        try {
            Topology topology = client.newTopologyRequest().send().join(2, TimeUnit.SECONDS);
            long leaders = topology.getBrokers().stream()
                    .map(BrokerInfo::getPartitions)
                    .flatMap(partitions -> partitions.stream())
                    .filter(partition -> partition.getRole() == PartitionBrokerRole.LEADER)
                    .filter(partition -> partition.getHealth() == PartitionBrokerHealth.HEALTHY)
                    .count();
            return leaders > 0 && leaders == topology.getPartitionsCount();
        } catch (ClientException e) {
            return false;
        }
    }

    /** Version of the gateway, or empty while it does not answer. */
    public String version() {
        try {
            return client.newTopologyRequest().send().join(2, TimeUnit.SECONDS).getGatewayVersion();
        } catch (ClientException e) {
            return "";
        }
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private static FailureException failure(Throwable cause) {
        boolean gone = JobAnswers.gone(cause)
                || cause instanceof ProblemException problem && problem.details().getStatus() == 404
                || cause instanceof ClientHttpException http && http.code() == 404;
        if (gone) {
            return new Failure(
                            "task-gone",
                            "That is not open any more, or never was.",
                            "Somebody else was faster, or it expired; nothing was changed by this call.",
                            "Look at what is open now: firedrill tasks")
                    .lasting(cause);
        }
        return unreachable(cause);
    }

    private static FailureException unreachable(Throwable cause) {
        return new Failure(
                        "engine-unreachable",
                        "The process engine did not take the request: " + cause.getMessage(),
                        "Nothing was started by this call; what runs goes on when the engine does.",
                        "See: firedrill status; then try again.")
                .passing(cause);
    }
}
