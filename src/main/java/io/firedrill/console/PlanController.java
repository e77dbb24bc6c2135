package io.firedrill.console;

import io.firedrill.plan.PlanText;
import io.firedrill.plan.RecoveryPlan;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/plan}: the plan that runs; it holds file names of secrets, never secrets. */
@RestController
@RequestMapping("/api/plan")
final class PlanController {
    private final RecoveryPlan plan;

    PlanController(RecoveryPlan plan) {
        this.plan = plan;
    }

    record PlanView(String file, String digest, String text) {}

    @GetMapping
    PlanView plan() {
        return new PlanView(plan.file().toString(), plan.digest(), PlanText.of(plan));
    }
}
