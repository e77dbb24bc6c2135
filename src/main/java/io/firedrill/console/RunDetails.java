package io.firedrill.console;

import io.firedrill.engine.ProgressBoard;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.LogLine;
import io.firedrill.history.RunDetail;
import io.firedrill.history.Step;
import io.firedrill.history.StepProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One run as history has it, with how far its steps are right now. */
public final class RunDetails {
    private static final Duration TRAILING = Duration.ofSeconds(15);
    private static final long PAUSE_MILLIS = 200;

    private final History history;
    private final ProgressBoard progress;
    private final Runs runs;

    RunDetails(History history, ProgressBoard progress, Runs runs) {
        this.history = history;
        this.progress = progress;
        this.runs = runs;
    }

    /** Failure {@code unknown-run} when there is none. */
    public RunDetail of(long id) {
        RunDetail detail = history.run(id).orElseThrow(() -> unknown(id));
        return new RunDetail(
                detail.run(),
                detail.steps().stream().map(this::withProgress).toList(),
                detail.variables(),
                detail.problems());
    }

    /** As {@link #of}, for a run just begun: history trails the engine, so it is waited for a few seconds. */
    public RunDetail ofBegun(long id) {
        Instant end = Instant.now().plus(TRAILING);
        while (history.run(id).isEmpty() && Instant.now().isBefore(end)) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return of(id);
    }

    private Step withProgress(Step step) {
        return progress.standing(step.key())
                .map(at -> step.withProgress(new StepProgress(at.what(), at.done(), at.total(), at.unit(), at.perSecond())))
                .orElse(step);
    }

    /** A step of this run or of one it called; failure {@code unknown-step}. */
    public Step step(long run, long key) {
        return of(run).steps().stream()
                .filter(step -> step.key() == key)
                .findFirst()
                .orElseThrow(() -> new Failure("unknown-step", "Run %d has no step %d.".formatted(run, key), "Nothing was done.",
                                "See its steps: firedrill run %d".formatted(run))
                        .lasting());
    }

    /** What the engine's log says of a step, with what this host is doing for it right now; oldest first. */
    public List<LogLine> log(Step step) {
        List<LogLine> lines = new ArrayList<>(history.stepLog(step.key(), step.run()));
        progress.worked(step.key()).forEach(began -> lines.add(new LogLine(began.at(), "quiet", began.what())));
        lines.sort(Comparator.comparing(LogLine::at));
        return lines;
    }

    /** Lets a stuck run go on: its failed step is tried again. */
    public void retry(long id) {
        history.run(id).orElseThrow(() -> unknown(id));
        history.engineIncidents(id).forEach(incident -> runs.retry(incident.key(), incident.job()));
    }

    private static FailureException unknown(long id) {
        return new Failure("unknown-run", "There is no run %d.".formatted(id), "Nothing was done.", "List them: firedrill runs")
                .lasting();
    }
}
