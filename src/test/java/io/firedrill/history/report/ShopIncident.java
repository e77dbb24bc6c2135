package io.firedrill.history.report;

import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An incident of the demo's shop as the history tells it; each method makes it another story. */
final class ShopIncident {
    static final Instant OPENED = Instant.parse("2026-11-23T08:45:12Z");
    private static final String DATABASE_BACKUP = "shop-orders-logical-20261123T084003Z";
    private static final String FILES_BACKUP = "shop-uploads-files-20261123T084031Z";

    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Run> undoRuns = new ArrayList<>();
    private String state = "open";
    private String outcome;
    private Instant closedAt;
    private boolean undoAvailable;
    private long at = 0;

    static ShopIncident recovered() {
        ShopIncident incident = new ShopIncident().diagnosed().approved("approve", "bo", "Matches what support reported.");
        incident.service("Fence the service", 1, "Ended 14 sessions and refuses new ones on orders.");
        incident.called("Restore the database beside the damaged one", 21, "Restored orders beside the damaged one: 5 tables, 412,611 rows.", 2);
        incident.called("Prove the database", 4, "All 5 tables match what the backup recorded.", 1);
        incident.called("Restore the files", 2, "Restored 1,204 files.", 1);
        incident.service("Cut over", 1, "Swapped orders and uploads by rename in 0.2 s.");
        incident.service("Check the service behind the fence", 1, "1 of 1 checks passed.");
        incident.service("Unfence the service", 1, "Sessions are let in again.");
        incident.service("Check the service", 2, "2 of 2 checks passed.");
        incident.service("Measure what was lost", 1, "37 rows written after the backup stay in what was set aside.");
        incident.variables.putAll(Map.of(
                "restoredDatabases", List.of(copy("orders", DATABASE_BACKUP, 5, 412_611, 0, 128_400_000, 25.3)),
                "restoredFiles", List.of(copy("uploads", FILES_BACKUP, 0, 0, 1_204, 48_211_900, 1.9)),
                "cutOver", Map.of(
                        "cutOverAt", "2026-11-23T08:49:31Z",
                        "awaySeconds", 0.2,
                        "swaps", List.of(
                                Map.of("kind", "database", "name", "orders", "current", "shop", "setAside", "shop_damaged_i7", "setAsideBytes", 131_000_000),
                                Map.of("kind", "files", "name", "uploads", "current", "/data/files", "setAside", "/data/files.damaged-i7", "setAsideBytes", 41_000_000))),
                "behindFence", Map.of("healthy", true, "checks", List.of(Map.of("name", "users exist", "passed", true, "detail", "true"))),
                "unfencedAt", OPENED.plusSeconds(incident.at - 3).toString(),
                "serviceCheck", Map.of("healthy", true, "checks", List.of(
                        Map.of("name", "users exist", "passed", true, "detail", "true"),
                        Map.of("name", "front page", "passed", true, "detail", "HTTP 200 in 12 ms"))),
                "loss", Map.of("lostSeconds", 309, "lostRows", 37, "rtoSeconds", incident.at - 3, "tables", List.of(
                        Map.of("database", "orders", "schema", "public", "table", "orders", "rows", 12),
                        Map.of("database", "orders", "schema", "public", "table", "order_items", "rows", 25)))));
        incident.outcome = "proven";
        incident.undoAvailable = true;
        return incident;
    }

    static ShopIncident rejected() {
        ShopIncident incident = new ShopIncident().diagnosed().approved("reject", "bo", "Support is still looking: wait.");
        incident.outcome = "rejected";
        incident.state = "closed";
        incident.closedAt = OPENED.plusSeconds(incident.at);
        return incident;
    }

    static ShopIncident waitingForApproval() {
        ShopIncident incident = new ShopIncident().diagnosed();
        incident.steps.add(step("Approve the restore plan", "user-task", "active", OPENED.plusSeconds(incident.at), null, null, 0, null, null, null, 1));
        return incident;
    }

    ShopIncident analysed() {
        at += 900;
        steps.add(step("Write the analysis", "user-task", "done", OPENED.plusSeconds(at - 900), OPENED.plusSeconds(at), null, 0, "ana", "done", null, 2));
        variables.putAll(Map.of(
                "analysis", Map.of(
                        "summary", "A clean-up script ran against production.",
                        "rootCause", "The script took its target from the shell's environment.",
                        "impact", "312,004 orders were invisible to customers for five minutes.",
                        "wentWell", "- The alert fired within a minute\n- The proof took seconds",
                        "wentWrong", "Nobody knew who may approve at night",
                        "actions", List.of(
                                Map.of("what", "Scripts name their target explicitly", "owner", "bo", "due", "2026-12-01"),
                                Map.of("what", "Second approver on call", "owner", "cy", "due", "2026-11-30")))));
        variables.putAll(Map.of("analysedBy", "ana", "reviewedBy", "bo", "reviewComment", "Agreed.", "closedAt", OPENED.plusSeconds(at).toString()));
        state = "closed";
        closedAt = OPENED.plusSeconds(at);
        undoAvailable = false;
        return this;
    }

    ShopIncident undone() {
        undoRuns.add(new Run(99, "undo-recovery", "Undo a recovery", 1, "shop", "shop-20261123-i7", "bo", "done", "undone", OPENED.plusSeconds(2000), OPENED.plusSeconds(2020), null));
        undoAvailable = false;
        return this;
    }

    ShopIncident with(String name, Object value) {
        variables.put(name, value);
        return this;
    }

    ShopIncident failedStep(String name, String why) {
        steps.add(step(name, "service-task", "failed", OPENED.plusSeconds(at), OPENED.plusSeconds(at + 5), why, 3, null, null, null, 1));
        at += 5;
        return this;
    }

    Incident incident() {
        return new Incident(
                "shop-20261123-i7", "shop", state, 1, OPENED, closedAt, "ana", "deleted-rows", "restore-all", outcome,
                undoAvailable, List.copyOf(steps), variables, List.copyOf(undoRuns));
    }

    Instant now() {
        return OPENED.plusSeconds(at + 40);
    }

    private ShopIncident diagnosed() {
        variables.putAll(Map.of(
                "planDigest", "9f2c61b7a0d4e5f8",
                "requestReason", "Orders are missing on the front page",
                "fourEyes", true,
                "diagnosis", Map.of("cause", "deleted-rows", "strategy", "restore-all", "explanation", "Rows are gone and the server counted about as many deletes: somebody deleted them."),
                "evidence", Map.of(
                        "findings", List.of(
                                Map.of("severity", "damage", "about", "orders", "text", "public.orders has 312,004 rows fewer than the newest backup counted"),
                                Map.of("severity", "damage", "about", "uploads", "text", "37 files of the newest snapshot are missing"),
                                Map.of("severity", "info", "about", "server", "text", "The server is up and accepts connections")),
                        "databases", List.of(Map.of("name", "orders", "damaged", true, "tables", List.of("public.orders", "public.order_items"))),
                        "fileSets", List.of(Map.of("name", "uploads", "damaged", true, "tables", List.of("37 files missing")))),
                "restorePlan", Map.of(
                        "candidates", List.of(
                                candidate("shop-orders-logical-20261123T084440Z", "orders", "2026-11-23T08:44:40Z", "shows-damage", "Its orders has 312,004 rows fewer than the backup before"),
                                candidate(DATABASE_BACKUP, "orders", "2026-11-23T08:40:03Z", "chosen", "Newest checked backup from before the damage"),
                                candidate(FILES_BACKUP, "uploads", "2026-11-23T08:40:31Z", "chosen", "Newest checked snapshot"),
                                candidate("shop-orders-logical-20261122T020001Z", "orders", "2026-11-22T02:00:01Z", "older", "A newer one qualifies")),
                        "warnings", List.of("The volume has 2.1 GB free; the restore needs about 0.4 GB"))));
        service("Open the incident", 1, "Opened shop-20261123-i7.");
        service("Collect evidence", 3, "Rows are missing in 2 tables, 37 files are gone.");
        person("Confirm the diagnosis", 48, "confirm", "ana", "I saw the script run.");
        service("Select the newest unaffected backup", 1, "Chose the backups of 08:40.");
        return this;
    }

    private ShopIncident approved(String decision, String by, String reason) {
        person("Approve the restore plan", 95, decision, by, reason);
        variables.putAll(Map.of("approvalDecision", decision, "approvedBy", by, "approvalReason", reason));
        return this;
    }

    private void service(String name, long seconds, String summary) {
        steps.add(step(name, "service-task", "done", OPENED.plusSeconds(at), OPENED.plusSeconds(at + seconds), summary, 1, null, null, null, 1));
        at += seconds;
    }

    private void called(String name, long seconds, String summary, int attempts) {
        steps.add(step(name, "service-task", "done", OPENED.plusSeconds(at), OPENED.plusSeconds(at + seconds), summary, attempts, null, null, null, 2));
        at += seconds;
    }

    private void person(String name, long seconds, String decision, String by, String reason) {
        steps.add(step(name, "user-task", "done", OPENED.plusSeconds(at), OPENED.plusSeconds(at + seconds), null, 0, by, decision, reason, 1));
        at += seconds;
    }

    private static Step step(String name, String type, String state, Instant from, Instant to, String summary, int attempts, String by, String decision, String reason, long run) {
        return new Step(name.hashCode(), "Task_" + name.replace(" ", ""), name, type, run, run == 1 ? "disaster-recovery" : "restore-database", state, from, to, summary, attempts, null, by, decision, reason);
    }

    private static Map<String, Object> copy(String name, String backup, int tables, int rows, int files, int bytes, double seconds) {
        return Map.of("name", name, "backup", backup, "proven", true, "tables", tables, "rows", rows, "files", files, "bytes", bytes, "seconds", seconds, "differences", List.of());
    }

    private static Map<String, Object> candidate(String backup, String source, String at, String verdict, String why) {
        return Map.of("backup", backup, "source", source, "snapshotAt", at, "verdict", verdict, "why", why);
    }
}
