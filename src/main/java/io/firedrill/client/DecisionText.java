package io.firedrill.client;

import io.firedrill.terminal.Table;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What a person must know to decide a task, from the variables that the process shows it. */
public final class DecisionText {
    private final Terminal terminal;
    private final Times times = Times.here();

    public DecisionText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Everything known that bears on the task: what failed, the evidence, the diagnosis, the restore plan, what was restored. */
    public List<String> of(JsonNode task) {
        JsonNode variables = task.path("variables");
        List<String> lines = new ArrayList<>();
        Json.text(variables, "requestedBy").ifPresent(who -> lines.add("Asked for by " + who
                + Json.text(variables, "requestReason").map(why -> ": " + why).orElse("")));
        lines.addAll(failure(variables));
        lines.addAll(evidence(variables));
        lines.addAll(restorePlan(variables.path("restorePlan")));
        lines.addAll(restored(variables));
        lines.addAll(checks(variables));
        Json.text(variables, "stopMeans").ifPresent(meaning -> lines.add("Stopping means: " + meaning));
        return lines;
    }

    /** The one thing the decision turns on, in a sentence; empty for tasks that decide nothing. */
    public Optional<String> gist(JsonNode task) {
        JsonNode variables = task.path("variables");
        JsonNode diagnosis = variables.path("diagnosis");
        JsonNode plan = variables.path("restorePlan");
        return switch (Json.text(task, "form", "")) {
            case "confirm-diagnosis" -> Optional.of("Diagnosis: %s, way back %s. %s".formatted(
                    Json.text(diagnosis, "cause", "?"),
                    Json.text(diagnosis, "strategy", "?"),
                    Json.text(diagnosis, "explanation", "")));
            case "approve-restore" -> Optional.of("Restore plan: %s; %s of data will not be in it; about %s".formatted(
                    Stream.concat(Json.items(plan, "databases").stream(), Json.items(plan, "fileSets").stream())
                            .map(target -> Json.text(target, "backup", ""))
                            .collect(Collectors.joining(", ")),
                    words(plan, "lostSeconds"),
                    words(plan, "estimatedSeconds")));
            default -> Json.text(variables.path("failure"), "what").map(what -> "Failed: " + what);
        };
    }

    private List<String> failure(JsonNode variables) {
        JsonNode failure = variables.path("failure");
        if (!failure.isObject()) {
            return List.of();
        }
        return List.of(
                terminal.red("Failed: ") + Json.text(variables, "failedStep").map(step -> step + ": ").orElse("")
                        + Json.text(failure, "what", ""),
                "  Means: " + Json.text(failure, "meaning", ""),
                "  Next:  " + Json.text(failure, "next", ""));
    }

    /** Findings, then cause and way back. */
    public List<String> evidence(JsonNode variables) {
        List<String> lines = new ArrayList<>();
        List<JsonNode> findings = Json.items(variables.path("evidence"), "findings");
        if (!findings.isEmpty()) {
            lines.add(terminal.bold("Evidence"));
            findings.forEach(finding -> lines.add("  " + severity(finding) + " " + Json.text(finding, "about", "") + ": "
                    + Json.text(finding, "text", "")));
        }
        JsonNode diagnosis = variables.path("diagnosis");
        if (diagnosis.isObject()) {
            lines.add(terminal.bold("Diagnosis"));
            lines.add("  cause %s, way back %s, confidence %s".formatted(
                    Json.text(diagnosis, "cause", "?"),
                    Json.text(diagnosis, "strategy", "?"),
                    Json.text(diagnosis, "confidence", "?")));
            Json.text(diagnosis, "explanation").ifPresent(text -> lines.add("  " + text));
        }
        return lines;
    }

    private String severity(JsonNode finding) {
        return switch (Json.text(finding, "severity", "")) {
            case "damage" -> terminal.red("damage ");
            case "warning" -> terminal.yellow("warning");
            default -> terminal.dim("info   ");
        };
    }

    private List<String> restorePlan(JsonNode plan) {
        if (!plan.isObject()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Restore plan"));
        Json.items(plan, "databases").forEach(target -> lines.add(String.format(
                Locale.ROOT,
                "  database %s from %s (%s, store %s): %,d rows in %,d tables; the damaged one is kept as %s",
                Json.text(target, "dbname", ""), Json.text(target, "backup", ""), age(target),
                Json.text(target, "store", ""), Json.number(target, "rows"), Json.number(target, "tables"),
                Json.text(target, "setAside", ""))));
        Json.items(plan, "fileSets").forEach(target -> lines.add(String.format(
                Locale.ROOT,
                "  files %s from %s (%s, store %s): %,d files, %s; the damaged ones are kept as %s",
                Json.text(target, "path", ""), Json.text(target, "backup", ""), age(target),
                Json.text(target, "store", ""), Json.number(target, "files"), Words.bytes(Json.number(target, "bytes")),
                Json.text(target, "setAside", ""))));
        lines.add("  What was written in the last " + words(plan, "lostSeconds")
                + " will not be in the restored copy; it stays in what is set aside.");
        lines.add("  Expected to take " + words(plan, "estimatedSeconds")
                + ". Applications are locked out from the start of the restore until it is proven and checked.");
        Json.texts(plan, "warnings").forEach(warning -> lines.add("  " + terminal.yellow("warning ") + warning));
        lines.addAll(candidates(plan));
        return lines;
    }

    private List<String> candidates(JsonNode plan) {
        Table table = new Table("  CANDIDATE", "TAKEN", "VERDICT", "WHY");
        Json.items(plan, "candidates").forEach(candidate -> table.row(
                "  " + Json.text(candidate, "backup", ""),
                Json.instant(candidate, "snapshotAt").map(times::atAndAgo).orElse(""),
                Json.text(candidate, "verdict", ""),
                Json.text(candidate, "why", "")));
        return table.isEmpty() ? List.of() : table.lines();
    }

    private List<String> restored(JsonNode variables) {
        List<String> lines = new ArrayList<>();
        for (JsonNode result : new RunOutcome(Json.object().set("variables", variables)).restored()) {
            boolean proven = Json.flag(result, "proven");
            lines.add("Restored %s from %s: %s".formatted(
                    Json.text(result, "name", ""), Json.text(result, "backup", ""),
                    proven ? terminal.green("proven") : terminal.red("not proven")));
            Json.texts(result, "differences").forEach(difference -> lines.add("  differs: " + difference));
            Json.text(result.path("failure"), "what").ifPresent(what -> lines.add("  failed: " + what));
        }
        return lines;
    }

    private List<String> checks(JsonNode variables) {
        List<String> lines = new ArrayList<>();
        for (String moment : List.of("behindFence", "serviceCheck")) {
            Json.items(variables.path(moment), "checks").forEach(check -> lines.add("Check %s: %s %s".formatted(
                    Json.text(check, "name", ""),
                    Json.flag(check, "passed") ? terminal.green("passed") : terminal.red("failed"),
                    Json.text(check, "detail", ""))));
        }
        return lines;
    }

    private String age(JsonNode target) {
        return Json.instant(target, "snapshotAt").map(at -> "taken " + times.atAndAgo(at)).orElse("");
    }

    private static String words(JsonNode plan, String field) {
        return Words.of(Duration.ofSeconds(Json.number(plan, field)));
    }
}
