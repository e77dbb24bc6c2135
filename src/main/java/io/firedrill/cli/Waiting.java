package io.firedrill.cli;

import io.firedrill.client.Json;
import tools.jackson.databind.JsonNode;

/** Words for a task that nobody has answered. */
final class Waiting {
    private Waiting() {}

    static String line(JsonNode task) {
        return "Waits for %s: %s. Answer it: firedrill task %s"
                .formatted(whom(task), Json.text(task, "name", ""), Json.text(task, "key", ""));
    }

    /** Who took the task, else who may take it. */
    static String whom(JsonNode task) {
        return Json.text(task, "assignee").orElseGet(() -> String.join(" or ", Json.texts(task, "candidateGroups")));
    }
}
