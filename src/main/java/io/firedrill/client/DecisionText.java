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
        Json.text(variables, "approvalText").ifPresent(text -> text.lines()
                .map(line -> line.replace("**", "").strip())
                .filter(line -> !line.isEmpty())
                .forEach(lines::add));
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
            case "approve-replication" -> Json.text(variables, "approvalText")
                    .map(text -> text.replace("**", "").lines().filter(line -> line.contains("becomes the primary") || line.contains("becomes a standby"))
                            .findFirst().orElse(""))
                    .filter(line -> !line.isEmpty());
            case "approve-restore" -> Optional.of("Restore plan: %s; %s of data will not be in it; about %s".formatted(
                    Stream.of(Json.items(plan, "servers"), Json.items(plan, "databases"), Json.items(plan, "tables").stream().map(target -> target.path("copy")).toList(),
                                    Json.items(plan, "fileSets"))
                            .flatMap(List::stream)
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
        for (Severity severity : Severity.values()) {
            List<JsonNode> group = findings.stream().filter(severity::is).toList();
            if (!group.isEmpty()) {
                lines.add(terminal.bold(severity.title));
                group.forEach(finding -> lines.add("  " + mark(severity) + " " + Json.text(finding, "about", "") + ": "
                        + Json.text(finding, "text", "")));
            }
        }
        JsonNode diagnosis = variables.path("diagnosis");
        if (diagnosis.isObject()) {
            lines.add(terminal.bold("Diagnosis"));
            lines.add("  cause %s, way back %s, confidence %s".formatted(
                    Json.text(diagnosis, "cause", "?"),
                    Json.text(diagnosis, "strategy", "?"),
                    Json.text(diagnosis, "confidence", "?")));
            Json.text(diagnosis, "explanation").ifPresent(text -> lines.add("  " + text));
            lines.addAll(ways(variables.path("evidence"), diagnosis));
        }
        return lines;
    }

    /** What each way would lose; of a service without damage there is nothing to weigh. */
    private List<String> ways(JsonNode evidence, JsonNode diagnosis) {
        List<JsonNode> ways = Json.items(evidence, "ways");
        String proposed = Json.text(diagnosis, "strategy", "");
        if (ways.isEmpty() || proposed.equals("nothing")) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(terminal.bold("What each way would lose")));
        ways.forEach(way -> lines.add("  %s%s: %s".formatted(
                Json.text(way, "strategy", ""), Json.text(way, "strategy", "").equals(proposed) ? " (proposed)" : "",
                Json.text(way, "loses", ""))));
        return lines;
    }

    /** Damage first. */
    private enum Severity {
        DAMAGE("Damage"),
        WARNING("Warnings"),
        INFO("Also seen");

        private final String title;

        Severity(String title) {
            this.title = title;
        }

        boolean is(JsonNode finding) {
            return Json.text(finding, "severity", "").equals(name().toLowerCase(Locale.ROOT));
        }
    }

    private String mark(Severity severity) {
        return switch (severity) {
            case DAMAGE -> terminal.red("damage ");
            case WARNING -> terminal.yellow("warning");
            case INFO -> terminal.dim("info   ");
        };
    }

    private List<String> restorePlan(JsonNode plan) {
        if (!plan.isObject()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold("Restore plan"));
        Json.items(plan, "servers").forEach(target -> lines.add(String.format(
                Locale.ROOT, "  the whole server of %s from %s (%s, store %s) and its WAL; the damaged one is kept as %s",
                Json.text(target, "server", ""), Json.text(target, "backup", ""), age(target),
                Json.text(target, "store", ""), Json.text(target, "setAside", ""))));
        Json.items(plan, "databases").forEach(target -> lines.add(String.format(
                Locale.ROOT, "  database %s from %s (%s, store %s): %s; the damaged one is kept as %s",
                Json.text(target, "dbname", ""), Json.text(target, "backup", ""), age(target),
                Json.text(target, "store", ""), holds(target), Json.text(target, "setAside", ""))));
        Json.items(plan, "fileSets").forEach(target -> lines.add(String.format(
                Locale.ROOT,
                "  files %s from %s (%s, store %s): %,d files, %s; the damaged ones are kept as %s",
                Json.text(target, "path", ""), Json.text(target, "backup", ""), age(target),
                Json.text(target, "store", ""), Json.number(target, "files"), Words.bytes(Json.number(target, "bytes")),
                Json.text(target, "setAside", ""))));
        lines.addAll(tables(plan));
        if (!Json.items(plan, "databases").isEmpty() || !Json.items(plan, "fileSets").isEmpty()) {
            lines.add("  What was written in the last " + words(plan, "lostSeconds")
                    + " will not be in the restored copy; it stays in what is set aside.");
            lines.add("  Expected to take " + words(plan, "estimatedSeconds")
                    + ". Applications are locked out from the start of the restore until it is proven and checked.");
        }
        Json.texts(plan, "warnings").forEach(warning -> lines.add("  " + terminal.yellow("warning ") + warning));
        lines.addAll(candidates(plan));
        return lines;
    }

    private List<String> tables(JsonNode plan) {
        List<String> lines = new ArrayList<>();
        for (JsonNode target : Json.items(plan, "tables")) {
            lines.add("  tables of %s from %s (%s, store %s), put back while the service goes on:".formatted(Json.text(target, "database", ""),
                    Json.text(target.path("copy"), "backup", ""), age(target.path("copy")), Json.text(target.path("copy"), "store", "")));
            Json.items(target, "changes").forEach(change -> {
                lines.add(String.format(Locale.ROOT, "    %s.%s %s", Json.text(change, "schema", ""), Json.text(change, "table", ""), does(change)));
                Json.items(change, "examples").forEach(example ->
                        lines.add("      %s %s".formatted(Json.text(example, "key", ""), Json.text(example, "what", ""))));
                Json.texts(change, "notes").forEach(note -> lines.add("      " + note));
            });
            lines.add("    what is changed is kept in the schema %s, for undo".formatted(Json.text(target, "sideSchema", "")));
        }
        if (!lines.isEmpty()) {
            lines.add("  Rows that differ stay as they are unless conflicts=take-backup is set; mode=whole-table makes tables as the backup has them.");
        }
        return lines;
    }

    private static String does(JsonNode change) {
        return Json.text(change, "mode", "").equals("whole-table")
                ? String.format(Locale.ROOT, "is gone and comes back whole, %,d rows", Json.number(change, "backupRows"))
                : String.format(Locale.ROOT, "lacks %,d rows, which are put in; %,d differ, %,d stay out; its %,d rows stay",
                        Json.number(change, "missing"), Json.number(change, "conflicts"), Json.number(change, "blocked"), Json.number(change, "liveRows"));
    }

    private static String holds(JsonNode target) {
        JsonNode moment = target.path("pointInTime");
        return moment.isObject()
                ? "everything until then, by WAL: " + Json.text(moment, "why", "")
                : String.format(Locale.ROOT, "%,d rows in %,d tables", Json.number(target, "rows"), Json.number(target, "tables"));
    }

    private List<String> candidates(JsonNode plan) {
        Table table = new Table("  CANDIDATE", "BRINGS BACK", "VERDICT", "WHY");
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
        String word = target.path("pointInTime").isObject() ? "as of " : "taken ";
        return Json.instant(target, "snapshotAt").map(at -> word + times.atAndAgo(at)).orElse("");
    }

    private static String words(JsonNode plan, String field) {
        return Words.of(Duration.ofSeconds(Json.number(plan, field)));
    }
}
