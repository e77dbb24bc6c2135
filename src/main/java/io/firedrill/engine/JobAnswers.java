package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientStatusException;
import io.camunda.client.api.command.FinalCommandStep;
import io.camunda.client.api.response.ActivatedJob;
import io.firedrill.failure.Failure;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the engine what became of a job, without waiting for it. An engine that does not answer is asked again until the
 * job is surely handed out anew; the step then finds its work done. What is returned ends when the engine knows, or when
 * it is told no more; it never fails.
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

    CompletableFuture<Void> complete(ActivatedJob job, String variables) {
        return send(job, () -> client.newCompleteCommand(job).variables(variables));
    }

    CompletableFuture<Void> throwStepFailed(ActivatedJob job, Failure failure, String variables) {
        return send(
                job,
                () -> client.newThrowErrorCommand(job)
                        .errorCode("STEP_FAILED")
                        .errorMessage(failure.toString())
                        .variables(variables));
    }

    /** Fewer retries each time; waits longer each time. */
    CompletableFuture<Void> retryLater(ActivatedJob job, Failure failure) {
        int left = job.getRetries() - 1;
        Duration backoff = Duration.ofSeconds(left >= 2 ? 2 : 8);
        return send(job, () -> client.newFailCommand(job).retries(left).retryBackoff(backoff).errorMessage(failure.toString()));
    }

    CompletableFuture<Void> giveUp(ActivatedJob job, Failure failure) {
        return send(job, () -> client.newFailCommand(job).retries(0).errorMessage(failure.toString()));
    }

    /** Whether the engine says that it does not have this job (any more). */
    static boolean gone(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof ClientStatusException status && status.getStatusCode() == Status.Code.NOT_FOUND;
    }

    private CompletableFuture<Void> send(ActivatedJob job, Supplier<? extends FinalCommandStep<?>> command) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        send(job, command, 1, told);
        return told;
    }

    private void send(ActivatedJob job, Supplier<? extends FinalCommandStep<?>> command, int attempt, CompletableFuture<Void> told) {
        command.get().send().whenComplete((done, error) -> {
            if (error != null && !gone(error) && attempt < TRIES) {
                later.schedule(() -> send(job, command, attempt + 1, told), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                return;
            }
            if (error != null && gone(error)) {
                LOG.info("{} {} was finished by somebody else", job.getType(), job.getKey());
            } else if (error != null) {
                LOG.error("could not tell the engine about {} {}", job.getType(), job.getKey(), error);
            }
            told.complete(null);
        });
    }
}
