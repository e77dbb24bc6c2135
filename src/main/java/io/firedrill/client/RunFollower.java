package io.firedrill.client;

import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Watches one run and tells each of its steps once, as it happens. The server may be restarted meanwhile: the run goes
 * on when it is back, and so does the telling.
 */
public final class RunFollower {
    private static final Duration POLL = Duration.ofMillis(250);
    /** The run's first record takes a moment through the engine's log. */
    private static final Duration UNTIL_KNOWN = Duration.ofSeconds(20);

    private static final Duration SERVER_MAY_BE_AWAY = Duration.ofSeconds(90);
    private static final Duration TELL_PROGRESS_EVERY = Duration.ofSeconds(5);

    private final Api api;
    private final String run;
    private final Terminal terminal;
    private final StepLines lines;
    private final Set<String> told = new HashSet<>();
    private final Map<String, Instant> progressTold = new HashMap<>();

    public RunFollower(Api api, String run, Terminal terminal) {
        this.api = api;
        this.run = run;
        this.terminal = terminal;
        this.lines = new StepLines(terminal, Times.here());
    }

    /** Why the watching paused. */
    public enum Reason {
        /** The run is over. */
        ENDED,
        /** A step failed in a way that the process has no answer to. */
        STUCK,
        /** A person must decide. */
        WAITING
    }

    /**
     * @param run the Run as the server told it last
     * @param tasks the open user tasks of this run and of those it called; empty unless waiting
     */
    public record Pause(Reason reason, JsonNode run, List<JsonNode> tasks) {}

    /**
     * Returns at the run's end, when it is stuck, or when a user task other than those already answered waits.
     *
     * @param answered keys of tasks that somebody completed; history may still show them as open for a moment
     * @throws ApiException when the server stays away too long
     */
    public Pause follow(Set<String> answered) {
        while (true) {
            JsonNode now = ask();
            tell(now);
            String state = Json.text(now, "state", "");
            if (state.equals("done") || state.equals("cancelled")) {
                return pause(Reason.ENDED, now, List.of());
            }
            if (state.equals("stuck")) {
                return pause(Reason.STUCK, now, List.of());
            }
            if (state.equals("waiting")) {
                List<JsonNode> open = openTasks(answered);
                if (!open.isEmpty()) {
                    return pause(Reason.WAITING, now, open);
                }
            }
            rest();
        }
    }

    private Pause pause(Reason reason, JsonNode now, List<JsonNode> tasks) {
        terminal.eraseStatus();
        return new Pause(reason, now, tasks);
    }

    private List<JsonNode> openTasks(Set<String> answered) {
        return Json.items(api.get("/tasks"), "tasks").stream()
                .filter(task -> run.equals(Json.text(task, "run", "")))
                .filter(task -> !answered.contains(Json.text(task, "key", "")))
                .toList();
    }

    private JsonNode ask() {
        Instant asked = Instant.now();
        while (true) {
            try {
                return api.get("/runs/" + run);
            } catch (ApiException e) {
                Duration patience = e.noServer() ? SERVER_MAY_BE_AWAY : e.badInput() ? UNTIL_KNOWN : Duration.ZERO;
                if (Instant.now().isAfter(asked.plus(patience))) {
                    throw e;
                }
                terminal.status(e.noServer() ? "The server does not answer; the run goes on when it is back ..." : "Starting ...");
                rest();
            }
        }
    }

    private void tell(JsonNode now) {
        List<Step> steps = Step.worthTelling(now);
        for (Step step : steps) {
            if ((step.call() || step.over()) && told.add(step.identity())) {
                terminal.line(lines.line(step, run));
            }
        }
        List<Step> working = steps.stream().filter(s -> s.active() && !s.call() && !s.byPerson()).toList();
        terminal.status(working.stream().map(lines::progress).collect(Collectors.joining(" · ")));
        if (!terminal.live()) {
            working.forEach(this::tellProgress);
        }
    }

    private void tellProgress(Step step) {
        Instant now = Instant.now();
        Instant last = progressTold.computeIfAbsent(step.identity(), first -> now);
        if (now.isAfter(last.plus(TELL_PROGRESS_EVERY))) {
            progressTold.put(step.identity(), now);
            terminal.line("           … " + lines.progress(step));
        }
    }

    private static void rest() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
