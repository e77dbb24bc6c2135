package io.firedrill.console;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import io.firedrill.history.Task;
import java.util.List;
import java.util.Map;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/tasks}: what waits for people. */
@RestController
@RequestMapping("/api/tasks")
final class TasksController {
    private final History history;
    private final Decisions decisions;
    private final JsonMapper json;

    TasksController(History history, Decisions decisions, JsonMapper json) {
        this.history = history;
        this.decisions = decisions;
        this.json = json;
    }

    record Listing(List<Task> tasks) {}

    @GetMapping
    Listing list(@RequestParam(required = false) @Nullable String service) {
        return new Listing(history.openTasks(service));
    }

    record TaskWithForm(@JsonUnwrapped Task task, @Nullable JsonNode formSchema) {}

    @GetMapping("/{key}")
    TaskWithForm task(@PathVariable long key) {
        Task task = history.task(key).orElseThrow(() -> new Failure(
                        "unknown-task", "There is no task %d.".formatted(key), "Nothing was done.",
                        "List the open ones: firedrill tasks")
                .lasting());
        return new TaskWithForm(task, history.formSchema(key).map(json::readTree).orElse(null));
    }

    @PostMapping("/{key}/claim")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void claim(@PathVariable long key, Actor actor) {
        decisions.claim(key, actor);
    }

    record Completion(@Nullable Map<String, Object> variables) {}

    @PostMapping("/{key}/complete")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void complete(@PathVariable long key, @RequestBody Completion completion, Actor actor) {
        decisions.complete(key, actor, completion.variables() == null ? Map.of() : completion.variables());
    }
}
