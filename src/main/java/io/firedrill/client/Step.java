package io.firedrill.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * One step of a run as the server tells it.
 *
 * @param type the BPMN element's type without case and separators: {@code servicetask}, {@code usertask}, …
 * @param run the run it belongs to: the one asked for, or one that it called
 */
public record Step(
        String element,
        String name,
        String type,
        String run,
        String process,
        String state,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        String summary,
        long attempts,
        JsonNode progress,
        Optional<String> decidedBy) {

    static Step of(JsonNode step) {
        return new Step(
                Json.text(step, "element", ""),
                Json.text(step, "name").orElseGet(() -> Json.text(step, "element", "")),
                Json.text(step, "type", "").toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""),
                Json.text(step, "run", ""),
                Json.text(step, "process", ""),
                Json.text(step, "state", ""),
                Json.instant(step, "startedAt"),
                Json.instant(step, "endedAt"),
                Json.text(step, "summary", ""),
                Json.number(step, "attempts"),
                step.path("progress"),
                Json.text(step, "decidedBy"));
    }

    /** The steps of a run that people care about: tasks and calls, not gateways, events and scopes. */
    public static List<Step> worthTelling(JsonNode run) {
        return Json.items(run, "steps").stream().map(Step::of).filter(Step::worthTelling).toList();
    }

    private boolean worthTelling() {
        return type.endsWith("task") || call();
    }

    public boolean call() {
        return type.equals("callactivity");
    }

    public boolean byPerson() {
        return type.equals("usertask");
    }

    public boolean active() {
        return state.equals("active");
    }

    /** Nothing more will happen in it. */
    public boolean over() {
        return !active();
    }

    /** What makes it the same step in the next answer; the same task of a loop or a second try starts later. */
    String identity() {
        return run + "/" + element + "/" + startedAt.map(Instant::toString).orElse("");
    }

    /** From start to end, or until now while it is active. */
    public Duration took(Instant now) {
        return startedAt.map(start -> Duration.between(start, endedAt.orElse(now))).orElse(Duration.ZERO);
    }
}
