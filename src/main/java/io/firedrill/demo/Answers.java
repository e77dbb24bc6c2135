package io.firedrill.demo;

import io.firedrill.client.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whoever decides what the processes ask people. */
interface Answers {
    /** Asks for the recovery and does the work. */
    String REQUESTER = "sre-on-call";

    /** Approves; four eyes hold because it is somebody else. */
    String APPROVER = "incident-commander";

    /**
     * Decides a task.
     *
     * @param task with its form, as the server tells it
     * @return values of the form's fields
     */
    ObjectNode answer(JsonNode task);

    /** Who of the two may decide it. */
    static String decider(JsonNode task) {
        return Json.texts(task, "candidateGroups").contains("approver") ? APPROVER : REQUESTER;
    }
}
