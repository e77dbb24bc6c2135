package io.firedrill.console.page;

import io.firedrill.console.Actor;
import io.firedrill.console.Decisions;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Step;
import io.firedrill.history.Task;
import io.firedrill.plan.RecoveryPlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** {@code /tasks}: what waits for people, and deciding it. */
@Controller
@RequestMapping("/tasks")
final class TaskPages {
    private final RecoveryPlan plan;
    private final History history;
    private final Decisions decisions;
    private final JsonMapper json;
    private final Clock clock;

    TaskPages(RecoveryPlan plan, History history, Decisions decisions, JsonMapper json, Clock clock) {
        this.plan = plan;
        this.history = history;
        this.decisions = decisions;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping
    String list(
            @RequestParam(defaultValue = "all") String show,
            @RequestParam(required = false) @Nullable String service,
            @RequestParam(defaultValue = "") String group,
            @RequestParam(defaultValue = "any") String due,
            Frame.Reader reader,
            Model model) {
        Instant now = clock.instant();
        List<Task> open = history.openTasks(service == null || service.isBlank() ? null : service);
        model.addAttribute("tasks", open.stream()
                .filter(task -> switch (show) {
                    case "mine" -> reader.name().equals(task.assignee());
                    case "for-me" -> reader.decides(task);
                    default -> true;
                })
                .filter(task -> group.isBlank() || task.candidateGroups().contains(group))
                .filter(task -> isDue(task, due, now))
                .sorted(Comparator.comparing(Task::due, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList());
        model.addAttribute("show", show);
        model.addAttribute("service", service);
        model.addAttribute("group", group);
        model.addAttribute("due", due);
        model.addAttribute("groups", open.stream().flatMap(task -> task.candidateGroups().stream()).distinct().sorted().toList());
        model.addAttribute("services", plan.services().keySet());
        return "tasks";
    }

    private static boolean isDue(Task task, String due, Instant now) {
        Instant at = task.due();
        return switch (due) {
            case "over" -> at != null && at.isBefore(now);
            case "hour" -> at != null && at.isBefore(now.plus(Duration.ofHours(1)));
            default -> true;
        };
    }

    @GetMapping("/{key}")
    String task(@PathVariable long key, Frame.Reader reader, Model model) {
        Task task = history.task(key).orElseThrow(() -> new Failure(
                        "unknown-task", "There is no task %d.".formatted(key), "Nothing was done.", "Look at what is open now.")
                .lasting());
        boolean open = history.openTasks(null).stream().anyMatch(other -> other.key() == key);
        String schema = history.formSchema(key).orElse("{}");
        model.addAttribute("task", task);
        model.addAttribute("open", open);
        List<FormFields.Field> fields = FormFields.of(json.readTree(schema));
        model.addAttribute("fields", fields);
        model.addAttribute("schema", schema);
        model.addAttribute("facts", Facts.of(task.variables()));
        model.addAttribute("data", json.writeValueAsString(task.variables()));
        model.addAttribute("mayDecide", open && reader.decides(task) && !claimedByAnother(task, reader));
        model.addAttribute("ownRequest", FormFields.approves(fields) && ownRequest(task, reader));
        model.addAttribute("decided", decided(task));
        return "task";
    }

    private static boolean claimedByAnother(Task task, Frame.Reader reader) {
        String assignee = task.assignee();
        return assignee != null && !assignee.isEmpty() && !assignee.equals(reader.name());
    }

    /** Four eyes: they asked for it and cannot approve it as well. */
    private static boolean ownRequest(Task task, Frame.Reader reader) {
        return Boolean.TRUE.equals(task.variables().get("fourEyes"))
                && reader.name().equals(task.variables().get("requestedBy"));
    }

    private List<Step> decided(Task task) {
        return history.run(task.run()).stream()
                .flatMap(run -> run.steps().stream())
                .filter(step -> step.byPeople() && step.decidedBy() != null)
                .toList();
    }

    @PostMapping("/{key}/claim")
    String claim(@PathVariable long key, Actor actor, RedirectAttributes next) {
        return then(key, next, () -> {
            decisions.claim(key, actor);
            next.addFlashAttribute("notice", "It is yours to decide.");
        });
    }

    @PostMapping("/{key}/complete")
    String complete(@PathVariable long key, @RequestParam Map<String, String> form, Actor actor, RedirectAttributes next) {
        long run = history.task(key).map(Task::run).orElse(0L);
        Map<String, Object> entered = entered(form);
        try {
            decisions.complete(key, actor, entered);
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
            next.addFlashAttribute("entered", entered);
            return "redirect:/tasks/" + key;
        }
        next.addFlashAttribute("notice", "Your decision is recorded.");
        return run == 0 ? "redirect:/tasks" : "redirect:/runs/" + run;
    }

    /** The form viewer's answers when a script ran, the plain fields when none did; empty fields are no answers. */
    private Map<String, Object> entered(Map<String, String> form) {
        String answers = form.getOrDefault("answers", "");
        Map<String, Object> entered = new LinkedHashMap<>();
        if (answers.isBlank()) {
            form.forEach((name, value) -> {
                if (name.startsWith("field-") && !value.isBlank()) {
                    entered.put(name.substring("field-".length()), value);
                }
            });
        } else {
            Map<String, @Nullable Object> given = json.readValue(answers, new TypeReference<>() {});
            given.forEach((name, value) -> {
                if (value != null && !value.equals("")) {
                    entered.put(name, value);
                }
            });
        }
        return entered;
    }

    private static String then(long key, RedirectAttributes next, Runnable work) {
        try {
            work.run();
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
        }
        return "redirect:/tasks/" + key;
    }
}
