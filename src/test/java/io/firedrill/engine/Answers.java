package io.firedrill.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the steps of {@link FakeRunbook} answer when nothing goes wrong. */
final class Answers {
    /** Backups of the orders database, newest first. */
    static final List<String> BACKUPS = List.of("orders-3", "orders-2", "orders-1");

    private Answers() {}

    static Map<String, Object> to(String type, Map<String, Object> variables) {
        return switch (type) {
            case "plan-backup" -> Map.of(
                    "databases", List.of(Map.of("name", "orders", "backup", "orders-4")),
                    "clusters", List.of(Map.of("name", "orders", "backup", "orders-5")),
                    "fileSets", List.of(Map.of("name", "uploads", "backup", "uploads-4")),
                    "backups", List.of("orders-4", "orders-5", "uploads-4"),
                    "copies", List.of(Map.of("backup", "orders-4", "store", "offsite")),
                    "escalateAfter", "PT10M");
            case "plan-check" -> Map.of(
                    "copies",
                    List.of(Map.of("backup", "orders-1", "store", "local"), Map.of("backup", "orders-2", "store", "offsite")),
                    "until", "2026-11-23T11:00:00Z",
                    "escalateAfter", "PT10M");
            case "recheck-copy" -> rechecked(variables, "good");
            case "open-incident" -> Map.of(
                    "incident", variables.get("service") + "-1",
                    "openedAt", "2026-11-23T09:00:00Z",
                    "fourEyes", true,
                    "approvers", 1,
                    "escalateAfter", "PT10M",
                    "expireAfter", "PT24H");
            case "collect-evidence" -> Map.of("evidence", evidence(Map.of("missingRows", 1200, "deletesSeen", true)));
            case "select-backup" -> select(variables);
            case "compare-tables" -> Map.of("restorePlan", variables.get("restorePlan"), "planText", "- compared");
            case "fence-service" -> Map.of("fencedAt", "2026-11-23T09:05:00Z");
            case "cut-over", "swap-back" -> Map.of("cutOver", Map.of("awaySeconds", 0.2));
            case "check-behind-fence" -> Map.of("behindFence", health(Map.of("users exist", true)));
            case "unfence-service" -> Map.of("unfencedAt", "2026-11-23T09:10:00Z");
            case "check-service" -> Map.of("serviceCheck", health(Map.of("users exist", true, "front page", true)));
            case "measure-loss" -> Map.of("loss", Map.of("lostSeconds", 60, "lostRows", 7, "rtoSeconds", 600));
            case "restore-database", "restore-files", "restore-server" -> Map.of("restored", Map.of("seconds", 1.5));
            case "prove-database" -> Map.of("result", proven(variables, "database", true));
            case "prove-server" -> Map.of("result", proven(variables, "server", true));
            case "cut-over-server", "swap-back-server" -> Map.of("serverSwap", Map.of("awaySeconds", 1.5));
            case "check-protection" -> Map.of("protection", "again");
            case "prove-files" -> Map.of("result", proven(variables, "fileSet", true));
            case "open-drill" -> Map.of(
                    "drill", "DRILL-1",
                    "openedAt", "2026-11-23T09:00:00Z",
                    "escalateAfter", "PT10M",
                    "objectives", Map.of("rpoSeconds", 900, "rtoSeconds", 1800));
            case "prepare-drill" -> Map.of(
                    "restorePlan",
                    Map.of(
                            "databases", List.of(Map.of("database", "orders", "backup", "orders-3")),
                            "fileSets", List.of(Map.of("fileSet", "uploads", "backup", "uploads-3"))));
            case "score-drill" -> Map.of("score", Map.of("proven", true, "rtoMet", true, "rpoMet", true));
            case "write-evidence" -> Map.of(
                    "drillResult", drilled(variables.get("score") != null, true), "evidencePath", "/reports/DRILL-1");
            case "open-failover" -> Map.of(
                    "incident", variables.get("incident") == null ? variables.get("service") + "-failover" : variables.get("incident"),
                    "openedAt", "2026-11-23T09:00:00Z",
                    "fourEyes", true,
                    "approvers", 1,
                    "escalateAfter", "PT10M",
                    "expireAfter", "PT24H");
            case "witness-primary" -> Map.of(
                    "verdict", Map.of("gone", true, "primary", "pg1"), "mayAct", false, "approvalText", "pg2 becomes the primary");
            case "fence-primary" -> Map.of("fenced", Map.of("node", "pg1"));
            case "promote-standby" -> Map.of("promoted", Map.of("node", "pg2"));
            case "prove-writes" -> Map.of(
                    "failover", Map.of("to", "pg2", "proven", true), "loss", Map.of("lostSeconds", 0, "lostRows", 0, "rtoSeconds", 5));
            case "rebuild-redundancy" -> Map.of("redundancy", List.of(Map.of("node", "pg1", "how", "rewound")));
            case "open-switchover", "open-rejoin" -> Map.of(
                    "incident", variables.get("service") + "-change",
                    "openedAt", "2026-11-23T09:00:00Z",
                    "fourEyes", true,
                    "approvers", 1,
                    "escalateAfter", "PT10M",
                    "expireAfter", "PT24H",
                    "approvalText", "what will be done",
                    "verdict", Map.of("gone", false, "primary", "pg1"),
                    "rejoinPlan", Map.of("node", "pg1", "needs", List.of()));
            case "switch-over" -> Map.of("promoted", Map.of("node", "pg2"));
            case "build-standby" -> Map.of("redundancy", List.of(Map.of("node", "pg1", "how", "rebuilt")));
            case "collect-timeline" -> Map.of("timeline", Map.of("steps", 20));
            case "write-report" -> Map.of("reportPath", "/reports/1.md");
            case "close-incident" -> Map.of("closedAt", "2026-11-23T10:00:00Z");
            default -> Map.of();
        };
    }

    static Map<String, Object> drilled(boolean proven, boolean objectivesMet) {
        Map<String, Object> result = new HashMap<>(Map.of("proven", proven, "objectivesMet", proven && objectivesMet));
        result.put("failure", proven ? null : FakeRunbook.failure("not proven"));
        return result;
    }

    /** Facts of a healthy service with backups, but for these. */
    static Map<String, Object> evidence(Map<String, Object> facts) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "server", "up",
                "missingTables", 0,
                "missingRows", 0,
                "deletesSeen", false,
                "corruption", false,
                "diskFull", false,
                "missingFiles", 0,
                "encryptedFiles", 0,
                "failedChecks", List.of(),
                "backups", true));
        all.put("wholeServer", false);
        all.putAll(facts);
        return Map.of("collectedAt", "2026-11-23T09:01:00Z", "facts", all, "findings", List.of());
    }

    static Map<String, Object> rechecked(Map<String, Object> variables, String state) {
        Map<?, ?> copy = (Map<?, ?>) variables.get("copy");
        return Map.of("result", Map.of(
                "backup", copy.get("backup"), "store", copy.get("store"), "state", state, "note", state.equals("good") ? "" : "rotten"));
    }

    static Map<String, Object> health(Map<String, Boolean> checks) {
        return Map.of(
                "healthy", !checks.containsValue(false),
                "checks",
                checks.entrySet().stream()
                        .map(check -> Map.of("name", check.getKey(), "passed", check.getValue(), "detail", ""))
                        .toList());
    }

    static Map<String, Object> proven(Map<String, Object> variables, String nameField, boolean proven) {
        Map<?, ?> target = (Map<?, ?>) variables.get("target");
        return Map.of(
                "name", target.get(nameField),
                "backup", target.get("backup"),
                "proven", proven,
                "differences", proven ? List.of() : List.of("public.users: 3 rows fewer"));
    }

    /** A plan of one table of the orders database. */
    static Map<String, Object> selectTables(Map<String, Object> variables) {
        Map<String, Object> answer = new HashMap<>(select(variables));
        answer.put("restorePlan", Map.of("databases", List.of(), "fileSets", List.of(), "tables", List.of(Map.of(
                "database", "orders", "copy", Map.of("database", "orders", "backup", BACKUPS.get(((List<?>) variables.get("failedBackups")).size()))))));
        return answer;
    }

    private static Map<String, Object> select(Map<String, Object> variables) {
        List<?> failed = (List<?>) variables.get("failedBackups");
        String backup = BACKUPS.stream()
                .filter(id -> !failed.contains(id))
                .findFirst()
                .orElseThrow(() -> new FakeRunbook.StepFailed("no unaffected backup is left"));
        return Map.of(
                "restorePlan",
                Map.of(
                        "databases", List.of(Map.of("database", "orders", "backup", backup)),
                        "fileSets", List.of(Map.of("fileSet", "uploads", "backup", "uploads-3"))),
                "planText",
                "- orders: from " + backup,
                "failedBackups",
                failed);
    }
}
