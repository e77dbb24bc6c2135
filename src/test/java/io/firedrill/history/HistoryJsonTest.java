package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names docs/api.md promises. */
class HistoryJsonTest {
    private static final Instant AT = Instant.parse("2026-11-23T08:45:12Z");
    private static final Run RUN =
            new Run(7, "backup", "Back up", 1, "shop", null, "ana", "running", null, AT, null, null);
    private static final Step STEP = new Step(
            3, "Task_Dump", "Dump database", "service-task", 7, "backup", "active", AT, null, null, 1,
            new StepProgress("orders", 1, 2, "rows", 0.5), null, null, null);

    @Test
    void aRunWithItsDetailsIsOneFlatObject() {
        JsonNode json = json(new RunDetail(RUN, List.of(STEP), Map.of("a", 1), List.of(new Problem("s", "e", "m", AT, 2))));
        assertThat(json.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "process", "name", "version", "service", "incident", "requestedBy", "state", "outcome",
                        "startedAt", "endedAt", "parent", "steps", "variables", "problems");
        assertThat(json.get("startedAt").asString()).isEqualTo("2026-11-23T08:45:12Z");
        assertThat(json.get("steps").get(0).propertyNames())
                .contains(
                        "element", "name", "type", "run", "process", "state", "startedAt", "endedAt", "summary",
                        "attempts", "progress", "decidedBy")
                .doesNotContain("byPeople");
        assertThat(json.get("steps").get(0).get("progress").propertyNames())
                .containsExactlyInAnyOrder("what", "done", "total", "unit", "perSecond");
        assertThat(json.get("problems").get(0).propertyNames())
                .containsExactlyInAnyOrder("step", "element", "message", "since", "retries");
    }

    @Test
    void aRunAloneHasTheSameNames() {
        assertThat(json(RUN).propertyNames()).hasSize(12);
    }

    @Test
    void tasksAndIncidentsHaveTheirNames() {
        assertThat(json(new Task(1, "p", 7, null, null, "n", "e", null, List.of("approver"), null, null, AT, Map.of()))
                        .propertyNames())
                .containsExactlyInAnyOrder(
                        "key", "process", "run", "service", "incident", "name", "element", "form", "candidateGroups",
                        "assignee", "due", "createdAt", "variables");
        assertThat(json(new Incident(
                                "i", "s", "open", 7, AT, null, null, null, null, null, false, List.of(), Map.of(), List.of()))
                        .propertyNames())
                .containsExactlyInAnyOrder(
                        "incident", "service", "state", "run", "openedAt", "closedAt", "requestedBy", "cause",
                        "strategy", "outcome", "undoAvailable", "steps", "variables", "undoRuns");
    }

    private static JsonNode json(Object value) {
        JsonMapper mapper = JsonMapper.builder().build();
        return mapper.readTree(mapper.writeValueAsString(value));
    }
}
