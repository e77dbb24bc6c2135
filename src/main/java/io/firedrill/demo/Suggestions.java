package io.firedrill.demo;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the demo would answer: with {@code --yes} it does, otherwise texts are offered for Enter. */
final class Suggestions {
    /**
     * By form, what to decide in turn when it is asked again in the same run; the last one stays. Each ends with the choice
     * that leaves the data as it is and the process with an end, so that no question goes round for ever.
     */
    private static final Map<String, List<String>> DECISIONS = Map.ofEntries(
            Map.entry("confirm-diagnosis", List.of("confirm", "confirm", "confirm", "stop")),
            Map.entry("approve-restore", List.of("approve", "approve", "approve", "reject")),
            Map.entry("review-analysis", List.of("accept")),
            Map.entry("approve-replication", List.of("approve", "approve", "reject")),
            Map.entry("decide-failed-failover", List.of("try-again", "try-again", "stop")),
            Map.entry("approve-undo", List.of("approve", "reject")),
            Map.entry("mend-by-hand", List.of("mended", "mended", "stop")),
            Map.entry("decide-failed-backup", List.of("retry", "give-up")),
            Map.entry("decide-offsite-copy", List.of("retry", "stay-local")),
            Map.entry("decide-failed-restore", List.of("try-again", "stop")),
            Map.entry("decide-failed-step", List.of("try-again", "stop")),
            Map.entry("decide-protection", List.of("try-again", "accept")),
            Map.entry("decide-failed-cut-over", List.of("try-again", "undo")),
            Map.entry("look-into-damaged-backup", List.of("check-again", "noted")),
            Map.entry("review-failed-drill", List.of("close")),
            Map.entry("decide-failed-check", List.of("check-again", "check-again", "undo")));

    /** Said of a decision that is not the first of its kind. */
    private static final Map<String, String> REASONS_LATER = Map.of(
            "stop", "Trying again did not help; keep everything as it was.",
            "reject", "The same plan failed too often; keep everything as it was.",
            "give-up", "Trying again did not help; the demo has nothing to recover from without a backup.",
            "noted", "Trying again did not help; it stays quarantined.",
            "accept", "Trying again did not help; the schedule takes the next base backup.",
            "stay-local", "Trying again did not help; the copy in the local store is good.",
            "undo", "Trying again did not help; swap the originals back.");

    private static final Map<String, String> REASONS = Map.of(
            "confirm-diagnosis", "The evidence fits what the customers report.",
            "approve-restore", "The backup is recent and verified; what it lacks stays in what is set aside.",
            "approve-replication", "The primary is gone for sure, and the standby has what it had.",
            "review-analysis", "Cause and actions are clear.",
            "review-failed-drill", "The demo looks at it no further.",
            "mend-by-hand", "What had to be done by hand is done; the checks tell whether all is well.",
            "approve-undo", "What the recovery brought back is not wanted.");

    private static final Map<String, String> REASONS_FIRST = Map.of(
            "try-again", "It may have been passing; try once more.",
            "check-again", "The service may still be coming up; look once more.",
            "retry", "It may have been passing; try once more.");

    private static final Map<String, String> ANALYSIS = Map.of(
            "summary", "The demo's fault was recovered as this report tells.",
            "rootCause", "The demo did it on purpose.",
            "impact", "Customers could not use the shop until it was recovered.",
            "wentWell", "The damage was found at once; the runbook worked unattended but for the decisions.",
            "wentWrong", "Nothing stopped the fault before it did damage.",
            "actions", "Find what made it possible; owner: shop team; due in one week.");

    private Suggestions() {}

    /** @param asked how often this form was answered before in the run */
    static Optional<String> decision(String form, int asked) {
        return Optional.ofNullable(DECISIONS.get(form)).map(turn -> turn.get(Math.min(asked, turn.size() - 1)));
    }

    /** Why, fitting {@link #decision}. */
    static String reason(String form, int asked) {
        String decision = decision(form, asked).orElse("");
        return asked > 0 && REASONS_LATER.containsKey(decision)
                ? REASONS_LATER.get(decision)
                : REASONS.getOrDefault(form, REASONS_FIRST.getOrDefault(decision, "Decided by the demo."));
    }

    /** @param field of a form's texts, but for {@code reason} */
    static Optional<String> text(String field) {
        return Optional.ofNullable(ANALYSIS.get(field));
    }
}
