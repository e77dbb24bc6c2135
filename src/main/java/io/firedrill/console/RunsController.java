package io.firedrill.console;

import io.firedrill.engine.ProgressBoard;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.RunFilter;
import io.firedrill.history.Step;
import io.firedrill.history.StepProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/runs}: what happened and what is happening. */
@RestController
@RequestMapping("/api/runs")
final class RunsController {
    private static final int MOST = 1000;

    private final History history;
    private final ProgressBoard progress;
    private final Runs runs;

    RunsController(History history, ProgressBoard progress, Runs runs) {
        this.history = history;
        this.progress = progress;
        this.runs = runs;
    }

    record Listing(List<Run> runs) {}

    @GetMapping
    Listing list(
            @RequestParam(required = false) @Nullable String process,
            @RequestParam(required = false) @Nullable String service,
            @RequestParam(defaultValue = "50") int limit) {
        return new Listing(history.runs(new RunFilter(process, service, Math.clamp(limit, 1, MOST))));
    }

    @GetMapping("/{id}")
    RunDetail run(@PathVariable long id) {
        RunDetail detail = history.run(id).orElseThrow(() -> unknown(id));
        return new RunDetail(
                detail.run(),
                detail.steps().stream().map(this::withProgress).toList(),
                detail.variables(),
                detail.problems());
    }

    private Step withProgress(Step step) {
        return progress.standing(step.key())
                .map(at -> step.withProgress(new StepProgress(at.what(), at.done(), at.total(), at.unit())))
                .orElse(step);
    }

    /** Lets a stuck run go on: its failed step is tried again. */
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retry(@PathVariable long id) {
        history.run(id).orElseThrow(() -> unknown(id));
        history.engineIncidents(id).forEach(incident -> runs.retry(incident.key(), incident.job()));
    }

    private static FailureException unknown(long id) {
        return new Failure("unknown-run", "There is no run %d.".formatted(id), "Nothing was done.", "List them: firedrill runs")
                .lasting();
    }
}
