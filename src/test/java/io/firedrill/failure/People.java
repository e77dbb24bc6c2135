package io.firedrill.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.Api;
import io.firedrill.client.ApiException;
import io.firedrill.client.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Two people at the REST API: one asks, the other approves. They see what {@code run ID} and {@code tasks} show. */
final class People {
    static final String REQUESTER = "sre-on-call";
    private static final String APPROVER = "incident-commander";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Api api;
    private final Path serverLog;
    private final Set<String> answered = new HashSet<>();

    People(Api api, Path serverLog) {
        this.api = api;
        this.serverLog = serverLog;
    }

    String backUp(String kind) {
        return Json.text(api.post("/backups", Json.object().put("service", "shop").put("kind", kind)), "run", "");
    }

    String recover(String... only) {
        ObjectNode request = Json.object().put("service", "shop").put("reason", "orders are missing");
        request.set("only", Json.tree(List.of(only)));
        return Json.text(api.post("/recoveries", request), "run", "");
    }

    String undo(String incident) {
        return Json.text(api.post("/incidents/" + incident + "/undo", Json.object().put("reason", "of the test")), "run", "");
    }

    /** The plan that would be put before the approver. */
    JsonNode dryRun(String... only) {
        ObjectNode request = Json.object().put("service", "shop");
        request.set("only", Json.tree(List.of(only)));
        return api.post("/recoveries?dryRun=true", request);
    }

    /** What the server says when it does not start such a recovery. */
    Failure refusedRecovery(String restoreTo) {
        try {
            api.post("/recoveries", Json.object().put("service", "shop").put("restoreTo", restoreTo));
        } catch (ApiException e) {
            return e.failure();
        }
        throw new AssertionError("was started");
    }

    /** As {@code run ID} shows it. */
    JsonNode run(String run) {
        return api.get("/runs/" + run);
    }

    List<JsonNode> backups() {
        return Json.items(api.get("/backups?service=shop"), "backups");
    }

    JsonNode backup(String id) {
        return backups().stream().filter(backup -> Json.text(backup, "id", "").equals(id)).findFirst().orElseThrow();
    }

    List<JsonNode> openTasks() {
        return Json.items(api.get("/tasks"), "tasks").stream()
                .filter(task -> !answered.contains(Json.text(task, "key", "")))
                .toList();
    }

    /** The task of that form, once it is open; no other may be. */
    JsonNode asked(String run, String form) {
        return await(run, form + " is asked", seen -> {
            List<JsonNode> open = openTasks().stream().filter(task -> Json.text(task, "run", "").equals(run)).toList();
            assertThat(open).allSatisfy(task -> assertThat(Json.text(task, "form", "")).isEqualTo(form));
            return open.isEmpty() ? null : open.getFirst();
        });
    }

    /** Answers the task of that form by the person who may. Fields come in pairs: name, value. */
    void answer(String run, String form, String decision, String... fields) {
        JsonNode task = asked(run, form);
        complete(task, decision, fields);
        answered.add(Json.text(task, "key", ""));
    }

    /** What the server says when the answer is refused. */
    Failure refused(JsonNode task, String decision, String... fields) {
        try {
            complete(task, decision, fields);
        } catch (ApiException e) {
            return e.failure();
        }
        throw new AssertionError("was accepted");
    }

    private void complete(JsonNode task, String decision, String... fields) {
        boolean approver = Json.texts(task, "candidateGroups").contains("approver");
        ObjectNode values = Json.object().put("reason", "because of the test");
        if (!decision.isEmpty()) {
            values.put("decision", decision);
        } else {
            values.remove("reason");
        }
        for (int i = 0; i < fields.length; i += 2) {
            values.put(fields[i], fields[i + 1]);
        }
        api.as(approver ? APPROVER : REQUESTER)
                .post("/tasks/" + Json.text(task, "key", "") + "/complete", Json.object().set("variables", values));
    }

    void analyse(String run) {
        answer(run, "write-analysis", "", Map.of(
                        "summary", "Recovered.", "rootCause", "A wrong statement.", "impact", "Half the orders were away.",
                        "actions", "None.").entrySet().stream()
                .flatMap(field -> java.util.stream.Stream.of(field.getKey(), field.getValue()))
                .toArray(String[]::new));
        answer(run, "review-analysis", "accept");
    }

    JsonNode ended(String run) {
        return await(run, "it ends", seen -> Json.text(seen, "state", "").equals("done") ? seen : null);
    }

    private JsonNode await(String run, String what, Function<JsonNode, @Nullable JsonNode> wanted) {
        try {
            return Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    // What the engine has just started is in the history a moment later.
                    .ignoreExceptionsMatching(e -> e instanceof ApiException refused && refused.failure().code().equals("unknown-run"))
                    .until(() -> wanted.apply(run(run)), java.util.Objects::nonNull);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("Waited for %s: %s\ntasks: %s\n%s".formatted(what, run(run), openTasks(), serverLog()), e);
        }
    }

    private String serverLog() {
        try {
            List<String> lines = Files.readAllLines(serverLog);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
