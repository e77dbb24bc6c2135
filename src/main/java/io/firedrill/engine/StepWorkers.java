package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.response.ActivatedJob;
import io.camunda.client.api.worker.JobWorker;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.runbook.StepContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Binds the runbook's methods to the engine's jobs. A job is kept ours by extending its timeout while the step works, so
 * a killed worker's job is handed out again within {@link #TIMEOUT}. One that is handed out again although it is done here,
 * as an engine does that was away for so long, goes on and is not begun a second time. What happens when a step fails:
 *
 * <ul>
 *   <li>passing failure, retries left: the job fails with back-off and is tried again;
 *   <li>otherwise, where the process catches {@code STEP_FAILED}: that error is thrown, and the process asks a person;
 *   <li>otherwise the job is left without retries: an incident in the engine, shown with the run.
 * </ul>
 */
public final class StepWorkers implements AutoCloseable {
    static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration EXTEND_EVERY = Duration.ofSeconds(5);
    private static final int AT_ONCE = 8;
    private static final Logger LOG = LoggerFactory.getLogger(StepWorkers.class);

    private final CamundaClient client;
    private final JsonMapper json;
    private final ProgressBoard progress;
    private final CaughtFailures caught;
    private final JobAnswers answers;
    private final ExecutorService steps = Executors.newCachedThreadPool(Thread.ofPlatform().name("step-", 0).factory());
    private final ScheduledExecutorService extensions = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("job-timeouts").factory());
    private final List<StepMethod> methods;
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
    /** Keys of the jobs that are done here, until the engine knows what became of them. */
    private final Set<Long> ours = ConcurrentHashMap.newKeySet();
    private final List<JobWorker> workers = new CopyOnWriteArrayList<>();

    public StepWorkers(
            CamundaClient client, JsonMapper json, ProgressBoard progress, CaughtFailures caught, List<?> runbooks) {
        this.client = client;
        this.json = json;
        this.progress = progress;
        this.caught = caught;
        this.answers = new JobAnswers(client, extensions);
        this.methods = runbooks.stream()
                .flatMap(runbook -> StepMethod.of(runbook).stream())
                .toList();
    }

    /** Begins to take jobs; calling it again changes nothing. */
    public synchronized void open() {
        if (workers.isEmpty()) {
            methods.forEach(step -> workers.add(open(step)));
        }
    }

    /** How often each kind of step failed here since the start, by job type; a try that is made again counts. */
    public Map<String, LongAdder> failures() {
        methods.forEach(step -> failures.computeIfAbsent(step.jobType(), type -> new LongAdder()));
        return Map.copyOf(failures);
    }

    private JobWorker open(StepMethod step) {
        return client.newWorker()
                .jobType(step.jobType())
                .handler((jobs, job) -> begin(step, job))
                .timeout(TIMEOUT)
                .maxJobsActive(AT_ONCE)
                .fetchVariables(step.variables())
                .streamEnabled(true)
                .pollInterval(Duration.ofSeconds(1))
                .open();
    }

    private void begin(StepMethod step, ActivatedJob job) {
        if (!ours.add(job.getKey())) {
            LOG.info("{} of run {} was handed out again while it is done here; it is not done twice", job.getType(), job.getProcessInstanceKey());
            return;
        }
        AtomicReference<Future<?>> running = new AtomicReference<>();
        ScheduledFuture<?> extending = extensions.scheduleAtFixedRate(
                () -> extend(job, running), EXTEND_EVERY.toSeconds(), EXTEND_EVERY.toSeconds(), TimeUnit.SECONDS);
        running.set(steps.submit(() -> {
            CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
            try {
                told = perform(step, job);
            } finally {
                extending.cancel(false);
                progress.forget(job.getElementInstanceKey());
                told.thenRun(() -> ours.remove(job.getKey()));
            }
        }));
    }

    /** A job that is gone (its run was cancelled, or somebody else finished it) must stop working. */
    private void extend(ActivatedJob job, AtomicReference<Future<?>> running) {
        client.newUpdateTimeoutCommand(job).timeout(TIMEOUT).send().exceptionally(error -> {
            if (JobAnswers.gone(error) && running.get() instanceof Future<?> step) {
                LOG.warn("{} of run {} is not ours any more; stopping it", job.getType(), job.getProcessInstanceKey());
                step.cancel(true);
            }
            return null;
        });
    }

    private CompletableFuture<Void> perform(StepMethod step, ActivatedJob job) {
        try {
            Object input = json.readValue(job.getVariables(), step.input());
            StepContext context = new StepContext(
                    String.valueOf(job.getProcessInstanceKey()),
                    job.getCustomHeaders(),
                    progress.of(job.getElementInstanceKey()));
            return answers.complete(job, json.writeValueAsString(step.call(input, context)));
        } catch (FailureException e) {
            return fail(job, e);
        } catch (RuntimeException e) {
            LOG.error("{} of run {}", job.getType(), job.getProcessInstanceKey(), e);
            return fail(job, unexpected(job, e));
        }
    }

    private static FailureException unexpected(ActivatedJob job, RuntimeException e) {
        return new Failure(
                        "unexpected",
                        "The step %s failed in a way nobody foresaw: %s".formatted(job.getType(), e),
                        "It changed nothing that it did not report; the original data is where it was.",
                        "Look into the server's log, then try the step again.")
                .passing(e);
    }

    private CompletableFuture<Void> fail(ActivatedJob job, FailureException e) {
        failures.computeIfAbsent(job.getType(), type -> new LongAdder()).increment();
        LOG.warn("{} of run {} failed: {}", job.getType(), job.getProcessInstanceKey(), e.getMessage());
        if (e.passing() && job.getRetries() > 1) {
            return answers.retryLater(job, e.failure());
        }
        if (caught.in(job)) {
            return answers.throwStepFailed(
                    job, e.failure(), json.writeValueAsString(new StepFailed(e.failure(), caught.name(job))));
        }
        return answers.giveUp(job, e.failure());
    }

    private record StepFailed(Failure failure, String failedStep) {}

    @Override
    public void close() {
        workers.forEach(JobWorker::close);
        // What was half-way is stopped with its programs; the engine hands it out again after the timeout.
        steps.shutdownNow();
        extensions.shutdownNow();
    }
}
