package io.firedrill.demo;

import java.util.Map;
import java.util.Optional;

/** What the demo would answer: with {@code --yes} it does, otherwise texts are offered for Enter. */
final class Suggestions {
    /** By form; forms that only appear when something failed get the choice that leaves the data as it is. */
    private static final Map<String, String> DECISIONS = Map.of(
            "confirm-diagnosis", "confirm",
            "approve-restore", "approve",
            "review-analysis", "accept",
            "approve-undo", "approve",
            "mend-by-hand", "stop",
            "decide-failed-backup", "give-up",
            "decide-offsite-copy", "stay-local",
            "decide-failed-restore", "stop",
            "decide-failed-step", "stop",
            "decide-failed-cut-over", "undo");

    private static final Map<String, String> REASONS = Map.of(
            "confirm-diagnosis", "The evidence fits what the customers report.",
            "approve-restore", "The backup is recent and verified; what it lacks stays in what is set aside.",
            "review-analysis", "Cause and actions are clear.");

    private static final Map<String, String> ANALYSIS = Map.of(
            "summary", "The demo's fault was recovered from the newest unaffected backup.",
            "rootCause", "A job changed production data and nobody had looked at it before it ran.",
            "impact", "Customers could not see their orders or uploads until the service was recovered.",
            "wentWell", "The damage was found at once; backup, proof and swap worked unattended.",
            "wentWrong", "Nothing stopped the job before it did damage.",
            "actions", "Give the job a role that cannot delete; owner: shop team; due in one week.");

    private Suggestions() {}

    static Optional<String> decision(String form) {
        return Optional.ofNullable(DECISIONS.get(form));
    }

    /** @param field of a form's texts */
    static Optional<String> text(String form, String field) {
        return field.equals("reason")
                ? Optional.of(REASONS.getOrDefault(form, "Decided by the demo: keep the data as it is."))
                : Optional.ofNullable(ANALYSIS.get(field));
    }
}
