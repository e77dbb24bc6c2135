package io.firedrill.console.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What to know before deciding a task, from the variables it sees: evidence and consequences, in the order of weight. */
public final class Facts {
    private Facts() {}

    /** @param lines one or more sentences */
    public record Fact(String title, String mood, List<String> lines) {}

    static List<Fact> of(Map<String, Object> variables) {
        List<Fact> facts = new ArrayList<>();
        failure(variables, facts);
        evidence(variables, facts);
        diagnosis(variables, facts);
        plan(variables, facts);
        checks(variables, facts);
        return facts;
    }

    private static void failure(Map<String, Object> variables, List<Fact> facts) {
        Map<?, ?> failure = map(variables.get("failure"));
        if (!failure.isEmpty()) {
            List<String> lines = new ArrayList<>(List.of(text(failure, "what"), text(failure, "meaning"), text(failure, "next")));
            String step = Objects.toString(variables.get("failedStep"), "");
            facts.add(new Fact(step.isEmpty() ? "What failed" : "Failed: " + step, "bad", lines));
        }
    }

    private static void evidence(Map<String, Object> variables, List<Fact> facts) {
        List<String> lines = list(map(variables.get("evidence")).get("findings")).stream()
                .map(Facts::map)
                .map(finding -> text(finding, "about") + ": " + text(finding, "text"))
                .toList();
        if (!lines.isEmpty()) {
            facts.add(new Fact("Evidence", "open", lines));
        }
    }

    private static void diagnosis(Map<String, Object> variables, List<Fact> facts) {
        Map<?, ?> diagnosis = map(variables.get("diagnosis"));
        if (!diagnosis.isEmpty()) {
            facts.add(new Fact("Diagnosis", "quiet", List.of(
                    "Cause %s, way back %s.".formatted(text(diagnosis, "cause"), text(diagnosis, "strategy")).replace('-', ' '),
                    text(diagnosis, "explanation"))));
        }
    }

    private static void plan(Map<String, Object> variables, List<Fact> facts) {
        Map<?, ?> plan = map(variables.get("restorePlan"));
        if (plan.isEmpty()) {
            return;
        }
        List<String> lines = new ArrayList<>();
        list(plan.get("servers")).stream().map(Facts::map).forEach(target -> lines.add(
                "Whole server of %s as of %s, from %s; the damaged one becomes %s.".formatted(text(target, "server"),
                        text(target, "snapshotAt"), text(target, "backup"), text(target, "setAside"))));
        list(plan.get("databases")).stream().map(Facts::map).forEach(target -> lines.add(
                "Database %s as of %s, from %s; the damaged one becomes %s.".formatted(text(target, "database"),
                        text(target, "snapshotAt"), text(target, "backup"), text(target, "setAside"))));
        list(plan.get("fileSets")).stream().map(Facts::map).forEach(target -> lines.add(
                "Files %s as of %s, from %s; the damaged ones become %s.".formatted(text(target, "fileSet"),
                        text(target, "snapshotAt"), text(target, "backup"), text(target, "setAside"))));
        list(plan.get("tables")).stream().map(Facts::map).forEach(target -> list(target.get("changes")).stream().map(Facts::map)
                .forEach(change -> lines.add(tableBack(text(target, "database"), change))));
        if (!list(plan.get("databases")).isEmpty() || !list(plan.get("fileSets")).isEmpty()) {
            lines.add("Not in it: what was written in the last %s s before %s."
                    .formatted(text(plan, "lostSeconds"), text(plan, "plannedAt")));
        }
        lines.add("The restore takes about %s s.".formatted(text(plan, "estimatedSeconds")));
        facts.add(new Fact("What will be restored", "quiet", lines));
        List<String> warnings = list(plan.get("warnings")).stream().map(String::valueOf).toList();
        if (!warnings.isEmpty()) {
            facts.add(new Fact("Warnings", "open", warnings));
        }
    }

    private static String tableBack(String database, Map<?, ?> change) {
        String name = "Table %s.%s of %s".formatted(text(change, "schema"), text(change, "table"), database);
        return text(change, "mode").equals("whole-table")
                ? "%s comes back whole, %s rows.".formatted(name, text(change, "backupRows"))
                : "%s gets %s lost rows back; %s rows differ; its %s rows stay and the service goes on.".formatted(
                        name, text(change, "missing"), text(change, "conflicts"), text(change, "liveRows"));
    }

    private static void checks(Map<String, Object> variables, List<Fact> facts) {
        for (String name : List.of("behindFence", "serviceCheck")) {
            List<String> failing = list(map(variables.get(name)).get("checks")).stream()
                    .map(Facts::map)
                    .filter(check -> Boolean.FALSE.equals(check.get("passed")))
                    .map(check -> text(check, "name") + ": " + text(check, "detail"))
                    .toList();
            if (!failing.isEmpty()) {
                facts.add(new Fact("Checks that fail", "bad", failing));
            }
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String text(Map<?, ?> map, String key) {
        return Objects.toString(map.get(key), "");
    }
}
