package io.firedrill.console.page;

import io.firedrill.plan.PlanException;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.PlanText;
import io.firedrill.plan.RecoveryPlan;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** {@code /plan}: the plan that runs, and whether the file still says the same. */
@Controller
final class PlanPage {
    private final RecoveryPlan plan;

    PlanPage(RecoveryPlan plan) {
        this.plan = plan;
    }

    /**
     * The file as it is now.
     *
     * @param state {@code same}, {@code changed} (takes effect with the next start) or {@code mistaken}
     * @param diff what would change; empty unless changed
     */
    public record FileNow(String state, String mistakes, List<LineDiff.Line> diff) {}

    @GetMapping("/plan")
    String plan(Model model) {
        model.addAttribute("plan", plan);
        model.addAttribute("text", PlanText.of(plan));
        FileNow now = fileNow();
        model.addAttribute("fileNow", now);
        model.addAttribute("unchanged", now.diff().stream().noneMatch(LineDiff.Line::isChanged));
        return "plan";
    }

    private FileNow fileNow() {
        try {
            RecoveryPlan now = PlanReader.read(plan.file());
            return now.digest().equals(plan.digest())
                    ? new FileNow("same", "", List.of())
                    : new FileNow("changed", "", LineDiff.of(PlanText.of(plan).lines().toList(), PlanText.of(now).lines().toList()));
        } catch (PlanException e) {
            return new FileNow("mistaken", e.getMessage(), List.of());
        }
    }
}
