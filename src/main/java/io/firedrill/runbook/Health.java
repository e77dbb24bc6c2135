package io.firedrill.runbook;

import io.firedrill.recovery.Recovery;
import java.util.List;
import java.util.stream.Collectors;

/** Whether every check of the plan passed. */
public record Health(boolean healthy, List<Recovery.CheckResult> checks) {
    static Health of(List<Recovery.CheckResult> checks) {
        return new Health(checks.stream().allMatch(Recovery.CheckResult::passed), checks);
    }

    String sentence() {
        if (checks.isEmpty()) {
            return "the plan has no checks to run here";
        }
        return checks.stream()
                .map(check -> (check.passed() ? "passed: " : "FAILED: ") + check.name()
                        + (check.passed() ? "" : " (" + check.detail() + ")"))
                .collect(Collectors.joining("; "));
    }
}
