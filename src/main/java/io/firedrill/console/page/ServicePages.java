package io.firedrill.console.page;

import io.firedrill.console.Actor;
import io.firedrill.console.BackupViews;
import io.firedrill.console.Operations;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** {@code /services}: look at what is wrong with one, and start its recovery. */
@Controller
@RequestMapping("/services/{name}")
final class ServicePages {
    private final RecoveryPlan plan;
    private final BackupViews views;
    private final Operations operations;

    ServicePages(RecoveryPlan plan, BackupViews views, Operations operations) {
        this.plan = plan;
        this.views = views;
        this.operations = operations;
    }

    /** What was found of one severity. */
    public record Group(String title, List<Evidence.Finding> findings) {
        static Group of(String title, String severity, Evidence evidence) {
            return new Group(title, evidence.findings().stream().filter(finding -> finding.severity().equals(severity)).toList());
        }
    }

    @GetMapping("/diagnosis")
    String diagnosis(@PathVariable String name, Model model) {
        Operations.Diagnosed diagnosed = operations.diagnose(name);
        model.addAttribute("service", plan.service(name));
        model.addAttribute("evidence", diagnosed.evidence());
        model.addAttribute("groups", List.of(
                Group.of("Damage", "damage", diagnosed.evidence()), Group.of("Warnings", "warning", diagnosed.evidence()),
                Group.of("Also seen", "info", diagnosed.evidence())));
        model.addAttribute("confidence", diagnosed.diagnosis().path("confidence").stringValue(""));
        model.addAttribute("cause", diagnosed.diagnosis().path("cause").stringValue(""));
        model.addAttribute("strategy", diagnosed.diagnosis().path("strategy").stringValue(""));
        model.addAttribute("explanation", diagnosed.diagnosis().path("explanation").stringValue(""));
        return "diagnosis";
    }

    @PostMapping("/drill")
    String drill(@PathVariable String name, Actor actor, RedirectAttributes next) {
        try {
            return "redirect:/runs/%d?begun".formatted(operations.drill(name, actor));
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
            return "redirect:/";
        }
    }

    /** What starting it would do, before it is started. */
    @GetMapping("/recover")
    String ask(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String source,
            Model model) {
        Service service = plan.service(name);
        model.addAttribute("ranges", views.ranges(name).stream().filter(range -> range.source().equals(source)).toList());
        model.addAttribute("source", source);
        model.addAttribute("service", service);
        model.addAttribute("to", to);
        model.addAttribute(
                "backup",
                to == null ? null : views.find(new BackupId(to)).orElse(null));
        return "recover";
    }

    @PostMapping("/recover")
    String recover(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String source,
            @RequestParam(required = false) @Nullable List<String> only,
            @RequestParam(defaultValue = "") String reason,
            Actor actor,
            RedirectAttributes next) {
        String target = to == null || to.isBlank() ? null : to.strip();
        try {
            long run = operations.recover(
                    new Operations.RecoveryRequest(name, null, target, only, reason.isBlank() ? null : reason.strip()), actor);
            return "redirect:/runs/%d?begun".formatted(run);
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
            if (target != null) {
                next.addAttribute(source == null ? "to" : "source", source == null ? target : source);
            }
            return "redirect:/services/{name}/recover";
        }
    }
}
