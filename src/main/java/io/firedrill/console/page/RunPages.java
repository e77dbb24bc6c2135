package io.firedrill.console.page;

import io.firedrill.console.Actor;
import io.firedrill.console.RunDetails;
import io.firedrill.console.RunSteering;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Problem;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.RunFilter;
import io.firedrill.history.Step;
import io.firedrill.history.Task;
import io.firedrill.plan.RecoveryPlan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.json.JsonMapper;

/** {@code /runs}: the list, and one run with its diagram. */
@Controller
@RequestMapping("/runs")
final class RunPages {
    private static final int PAGE = 100;
    private static final List<String> PROCESSES = List.of("backup", "disaster-recovery", "undo-recovery", "drill", "post-incident");

    private final RecoveryPlan plan;
    private final History history;
    private final RunDetails details;
    private final RunSteering steering;
    private final Say say;
    private final JsonMapper json;

    RunPages(RecoveryPlan plan, History history, RunDetails details, RunSteering steering, Say say, JsonMapper json) {
        this.plan = plan;
        this.history = history;
        this.details = details;
        this.steering = steering;
        this.say = say;
        this.json = json;
    }

    @GetMapping
    String list(
            @RequestParam(required = false) @Nullable String process,
            @RequestParam(required = false) @Nullable String service,
            Model model) {
        model.addAttribute("runs", history.runs(new RunFilter(blank(process), blank(service), PAGE)));
        model.addAttribute("processes", PROCESSES);
        model.addAttribute("services", plan.services().keySet());
        model.addAttribute("process", process);
        model.addAttribute("service", service);
        return "runs";
    }

    private static @Nullable String blank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** A run that this one called, with the name of the step that did. */
    public record Called(long id, String process) {}

    @GetMapping("/{id}")
    String run(@PathVariable long id, @RequestParam(required = false) @Nullable String begun, Model model) {
        RunDetail detail = begun == null ? details.of(id) : details.ofBegun(id);
        Run run = detail.run();
        model.addAttribute("run", run);
        model.addAttribute("steps", detail.steps());
        model.addAttribute("problems", detail.problems());
        model.addAttribute("variables", written(detail.variables()));
        model.addAttribute("called", called(detail));
        model.addAttribute("tasks", tasks(run));
        model.addAttribute("working", working(detail));
        model.addAttribute("skippable", steering.skippable(detail));
        model.addAttribute("skipped", skipped(detail));
        model.addAttribute("cancelling", steering.cancelling(detail));
        return "run";
    }

    /** What machines do right now. */
    static List<Step> working(RunDetail detail) {
        return detail.steps().stream()
                .filter(step -> step.state().equals("active") && !step.byPeople() && !step.type().equals("call-activity"))
                .toList();
    }

    /** By step key: who left it out, and why. */
    private static Map<String, String> skipped(RunDetail detail) {
        Map<String, String> skipped = new LinkedHashMap<>();
        if (detail.variables().get("skippedSteps") instanceof List<?> list) {
            list.stream().filter(Map.class::isInstance).map(Map.class::cast).forEach(skip ->
                    skipped.put(String.valueOf(skip.get("step")), "%s: %s".formatted(skip.get("by"), skip.get("reason"))));
        }
        return skipped;
    }

    @GetMapping("/{id}/steps/{key}")
    String step(@PathVariable long id, @PathVariable long key, Model model) {
        RunDetail detail = details.of(id);
        Step step = details.step(id, key);
        model.addAttribute("run", detail.run());
        model.addAttribute("step", step);
        model.addAttribute("log", details.log(step));
        model.addAttribute("variables", written(history.seenBy(key)));
        model.addAttribute("skipMeans", steering.skippable(detail).get(key));
        return "step";
    }

    @PostMapping("/{id}/steps/{key}/skip")
    String skip(
            @PathVariable long id, @PathVariable String key, @RequestParam(defaultValue = "") String reason, Actor actor, RedirectAttributes next) {
        try {
            steering.skip(id, key, reason, actor);
            next.addFlashAttribute("notice", "The step is left out; your reason is kept with the run.");
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
        }
        return "redirect:/runs/" + id;
    }

    @PostMapping("/{id}/cancel")
    String cancel(@PathVariable long id, @RequestParam(defaultValue = "") String reason, Actor actor, RedirectAttributes next) {
        try {
            steering.cancel(id, reason, actor);
            next.addFlashAttribute("notice", "It is cancelled; your reason is kept with the run.");
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
        }
        return "redirect:/runs/" + id;
    }

    private List<Task> tasks(Run run) {
        return history.openTasks(null).stream().filter(task -> task.run() == run.id()).toList();
    }

    private static List<Called> called(RunDetail detail) {
        return detail.steps().stream()
                .filter(step -> step.run() != detail.run().id())
                .map(step -> new Called(step.run(), step.process()))
                .distinct()
                .toList();
    }

    private Map<String, String> written(Map<String, Object> variables) {
        Map<String, String> written = new LinkedHashMap<>();
        variables.forEach((name, value) ->
                written.put(name, json.writerWithDefaultPrettyPrinter().writeValueAsString(value)));
        return written;
    }

    @GetMapping(value = "/{id}/diagram.bpmn")
    @ResponseBody
    ResponseEntity<String> diagram(@PathVariable long id) {
        String bpmn = history.diagram(id).orElseThrow(() -> new Failure(
                        "unknown-run", "There is no diagram of run %d.".formatted(id), "Nothing was done.", "List the runs.")
                .lasting());
        return ResponseEntity.ok().contentType(MediaType.parseMediaType("application/xml;charset=UTF-8")).body(bpmn);
    }

    /** How one element of the diagram stands: {@code mood} as in {@link Say#mood}, and a word or time to put on it. */
    public record Mark(String mood, String note) {}

    /** By BPMN element id; what is not in it has not begun. */
    @GetMapping("/{id}/diagram.json")
    @ResponseBody
    Map<String, Mark> marks(@PathVariable long id) {
        RunDetail detail = details.of(id);
        Map<String, Mark> marks = new LinkedHashMap<>();
        detail.steps().stream()
                .filter(step -> step.run() == id)
                .forEach(step -> marks.merge(step.element(), mark(step), RunPages::worse));
        detail.problems().stream()
                .filter(problem -> problem.retries() == 0)
                .map(Problem::element)
                .forEach(element -> marks.computeIfPresent(element, (key, mark) -> new Mark("bad", "stuck")));
        return marks;
    }

    private Mark mark(Step step) {
        String time = say.lasted(step.startedAt(), step.endedAt());
        if (!step.state().equals("active")) {
            return new Mark(say.mood(step), step.type().endsWith("event") ? "" : time);
        }
        var progress = step.progress();
        boolean measured = progress != null && progress.total() > 0;
        return new Mark(
                say.mood(step),
                measured ? progress.done() * 100 / progress.total() + " %" : step.byPeople() ? "waits" : "running");
    }

    /** Of several goes at one element the one that is not over counts, else the last. */
    private static Mark worse(Mark earlier, Mark later) {
        return earlier.mood().equals("busy") || earlier.mood().equals("open") ? earlier : later;
    }

    @PostMapping("/{id}/retry")
    String retry(@PathVariable long id, RedirectAttributes next) {
        details.retry(id);
        next.addFlashAttribute("notice", "The failed step is tried again.");
        return "redirect:/runs/" + id;
    }
}
