package io.firedrill.console.page;

import io.firedrill.console.Actor;
import io.firedrill.console.Operations;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.history.Step;
import io.firedrill.history.Timeline;
import io.firedrill.history.report.IncidentReports;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** {@code /incidents}: from detection to closing, and the way back. */
@Controller
@RequestMapping("/incidents")
final class IncidentPages {
    private static final int PAGE = 100;

    /** The report is one file with its own style and no script: nothing else may come in. */
    static final String REPORT_CONTENT =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; sandbox";

    private final Operations operations;
    private final History history;
    private final IncidentReports reports;
    private final Clock clock;

    IncidentPages(Operations operations, History history, IncidentReports reports, Clock clock) {
        this.operations = operations;
        this.history = history;
        this.reports = reports;
        this.clock = clock;
    }

    @GetMapping
    String list(Model model) {
        List<Run> recoveries = history.runs(new RunFilter("disaster-recovery", null, PAGE)).stream()
                .filter(run -> run.incident() != null)
                .toList();
        model.addAttribute("recoveries", recoveries);
        return "incidents";
    }

    /** A step on the scale; {@code x} and {@code width} in thousandths of the incident's time. */
    public record Bar(Step step, long x, long width) {}

    @GetMapping("/{id}")
    String incident(@PathVariable String id, Model model) {
        Incident incident = operations.incident(id);
        Instant closed = incident.closedAt();
        Instant to = closed == null ? clock.instant() : closed;
        model.addAttribute("incident", incident);
        model.addAttribute("bars", bars(incident.steps(), incident.openedAt(), to));
        model.addAttribute("timeline", Timeline.of(incident.steps(), incident.openedAt(), to));
        model.addAttribute(
                "decisions", incident.steps().stream().filter(step -> step.byPeople() && step.decidedBy() != null).toList());
        model.addAttribute("facts", Facts.of(incident.variables()));
        model.addAttribute("people", people(incident));
        model.addAttribute("loss", incident.variables().get("loss") instanceof Map<?, ?> loss ? loss : Map.of());
        return "incident";
    }

    /** Everybody who took part, by name, and by what. */
    private static Map<String, Set<String>> people(Incident incident) {
        Map<String, Set<String>> people = new LinkedHashMap<>();
        String asked = incident.requestedBy();
        if (asked != null) {
            people.computeIfAbsent(asked, name -> new LinkedHashSet<>()).add("Asked for the recovery");
        }
        for (Step step : incident.steps()) {
            String decided = step.decidedBy();
            if (decided != null) {
                people.computeIfAbsent(decided, name -> new LinkedHashSet<>()).add(step.name());
            }
        }
        return people;
    }

    private List<Bar> bars(List<Step> steps, Instant from, Instant to) {
        double all = Math.max(1, Duration.between(from, to).toMillis());
        return steps.stream()
                .filter(step -> !step.type().endsWith("event"))
                .map(step -> {
                    Instant ended = step.endedAt();
                    long x = thousandth(from, step.startedAt(), all);
                    long end = thousandth(from, ended == null ? to : ended, all);
                    return new Bar(step, x, Math.max(2, end - x));
                })
                .toList();
    }

    private static long thousandth(Instant from, Instant at, double all) {
        return Math.clamp(Math.round(Duration.between(from, at).toMillis() * 1000 / all), 0, 1000);
    }

    @GetMapping("/{id}/report.html")
    ResponseEntity<String> html(@PathVariable String id) {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", REPORT_CONTENT)
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body(reports.html(id));
    }

    @GetMapping("/{id}/report.md")
    ResponseEntity<String> markdown(@PathVariable String id) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.md\"".formatted(id.replace('"', '_')))
                .contentType(MediaType.parseMediaType("text/markdown;charset=UTF-8"))
                .body(reports.markdown(id));
    }

    @GetMapping("/{id}/report.pdf")
    ResponseEntity<byte[]> pdf(@PathVariable String id) {
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"%s.pdf\"".formatted(id.replace('"', '_')))
                .contentType(MediaType.APPLICATION_PDF)
                .body(reports.pdf(id));
    }

    @GetMapping("/{id}/undo")
    String ask(@PathVariable String id, Model model) {
        model.addAttribute("incident", operations.incident(id));
        return "undo";
    }

    @PostMapping("/{id}/undo")
    String undo(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String reason,
            Actor actor,
            RedirectAttributes next) {
        try {
            return "redirect:/runs/%d?begun".formatted(operations.undo(id, reason, actor));
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
            return "redirect:/incidents/{id}";
        }
    }
}
