package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientStatusException;
import io.camunda.client.api.command.FinalCommandStep;
import io.camunda.client.api.response.ActivatedJob;
import io.firedrill.failure.Failure;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the engine what became of a job, without waiting for it. An engine that does not answer is asked again until the
 * job is surely handed out anew; the step then finds its work done.
 */
final class JobAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(JobAnswers.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int TRIES = 60;

    private final CamundaClient client;
    private final ScheduledExecutorService later;

    JobAnswers(CamundaClient client, ScheduledExecutorService later) {
        this.client = client;
        this.later = later;
    }

    void complete(ActivatedJob job, String variables) {
        send(job, () -> client.newCompleteCommand(job).variables(variables), 1);
    }

    void throwStepFailed(ActivatedJob job, Failure failure, String variables) {
        send(
                job,
                () -> client.newThrowErrorCommand(job)
                        .errorCode("STEP_FAILED")
                        .errorMessage(failure.toString())
                        .variables(variables),
                1);
    }

    /** Fewer retries each time; waits longer each time. */
    void retryLater(ActivatedJob job, Failure failure) {
        int left = job.getRetries() - 1;
        Duration backoff = Duration.ofSeconds(left >= 2 ? 2 : 8);
        send(job, () -> client.newFailCommand(job).retries(left).retryBackoff(backoff).errorMessage(failure.toString()), 1);
    }

    void giveUp(ActivatedJob job, Failure failure) {
        send(job, () -> client.newFailCommand(job).retries(0).errorMessage(failure.toString()), 1);
    }

    /** Whether the engine says that it does not have this job (any more). */
    static boolean gone(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof ClientStatusException status && status.getStatusCode() == Status.Code.NOT_FOUND;
    }

    private void send(ActivatedJob job, Supplier<? extends FinalCommandStep<?>> command, int attempt) {
        command.get().send().whenComplete((done, error) -> {
            if (error == null) {
                return;
            }
            if (gone(error)) {
                LOG.info("{} {} was finished by somebody else", job.getType(), job.getKey());
            } else if (attempt < TRIES) {
                later.schedule(() -> send(job, command, attempt + 1), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            } else {
                LOG.error("could not tell the engine about {} {}", job.getType(), job.getKey(), error);
            }
        });
    }
}
