package io.firedrill.console;

import io.firedrill.history.History;
import io.firedrill.history.LogLine;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.RunFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
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
    private final RunDetails details;
    private final RunSteering steering;

    RunsController(History history, RunDetails details, RunSteering steering) {
        this.history = history;
        this.details = details;
        this.steering = steering;
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
        return details.of(id);
    }

    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void retry(@PathVariable long id) {
        details.retry(id);
    }

    record Why(@Nullable String reason) {}

    @PostMapping("/{id}/cancel")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable long id, @RequestBody Why why, Actor actor) {
        steering.cancel(id, why.reason(), actor);
    }

    /** {@code step}: the key or the name of an active step. */
    @PostMapping("/{id}/steps/{step}/skip")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void skip(@PathVariable long id, @PathVariable String step, @RequestBody Why why, Actor actor) {
        steering.skip(id, step, why.reason(), actor);
    }

    record Log(List<LogLine> lines) {}

    @GetMapping("/{id}/steps/{step}/log")
    Log log(@PathVariable long id, @PathVariable long step) {
        return new Log(details.log(details.step(id, step)));
    }
}
