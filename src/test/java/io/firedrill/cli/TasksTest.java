package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TasksTest extends CommandLineFixture {
    private static final String TASK = """
            {"key": 99, "process": "disaster-recovery", "run": 7, "service": "shop", "incident": "INC-1",
             "name": "Approve the restore plan", "form": "approve-restore", "candidateGroups": ["approver"],
             "assignee": null, "createdAt": "2026-11-23T08:45:12Z", "variables": {
               "requestedBy": "anna", "strategy": "restore-all",
               "evidence": {"findings": [{"severity": "damage", "about": "orders", "text": "order_items lost 250,000 rows"}]},
               "diagnosis": {"cause": "human-error", "strategy": "restore-all", "confidence": "high"},
               "restorePlan": {"lostSeconds": 61, "estimatedSeconds": 20, "warnings": ["little free space"],
                 "databases": [{"dbname": "shop", "backup": "b1", "store": "local", "snapshotAt": "2026-11-23T08:44:00Z",
                   "tables": 4, "rows": 370001, "setAside": "shop_INC-1"}],
                 "fileSets": [], "candidates": [{"backup": "b0", "verdict": "shows-damage", "why": "no rows in order_items"}]}},
             "formSchema": {"components": [
               {"type": "text", "text": "Read this"},
               {"type": "select", "key": "strategy", "label": "Way back", "values": [{"value": "restore-all"}]},
               {"type": "group", "components": [{"type": "radio", "key": "decision", "label": "Decision",
                 "validate": {"required": true}, "values": [{"value": "approve"}, {"value": "reject"}]}]},
               {"type": "checkbox", "key": "sure", "label": "Sure"}, {"type": "number", "key": "count", "label": "Count"},
               {"type": "textfield", "key": "decidedBy", "label": "Your name"}]}}""";

    private void taskExists() {
        server.answers("GET /api/tasks/99", TASK);
    }

    @Test
    void aTaskShowsWhatOneMustKnowToDecideAndWhatIsAsked() {
        taskExists();
        Done task = firedrill("task", "99");
        assertThat(task.exit()).isZero();
        assertThat(task.out())
                .contains("Approve the restore plan", "Waits for approver", "Asked for by anna")
                .contains("order_items lost 250,000 rows", "cause human-error")
                .contains("370,001 rows in 4 tables", "shop_INC-1", "1 min 1 s", "little free space")
                .contains("b0", "shows-damage", "no rows in order_items")
                .contains("decision (required): approve, reject")
                .doesNotContain("decidedBy");
    }

    @Test
    void completingSendsTheFormsPrefilledValuesAndTheGivenOnesWithTheirTypes() {
        taskExists();
        server.answers("POST /api/tasks/99/complete", 204, "application/json", "");
        Done done = firedrill("task", "99", "--complete", "--set", "decision=approve", "--set", "sure=true", "--set",
                "count=3", "--as", "bert");
        assertThat(done.exit()).isZero();
        assertThat(server.request("POST /api/tasks/99/complete").body())
                .isEqualTo("{\"variables\":{\"strategy\":\"restore-all\",\"decision\":\"approve\",\"sure\":true,\"count\":3}}");
        assertThat(server.request("POST /api/tasks/99/complete").actor()).isEqualTo("bert");
    }

    @Test
    void aNumberThatIsNoneIsRefusedBeforeAnythingIsSent() {
        taskExists();
        Done done = firedrill("task", "99", "--complete", "--set", "count=three");
        assertThat(done.exit()).isEqualTo(2);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void theServersRefusalOfAnIncompleteFormIsExitTwo() {
        taskExists();
        server.refuses("POST /api/tasks/99/complete", 400, """
                {"code": "bad-form", "what": "'decision' is missing.", "meaning": "The task is still open.", "next": "Correct it."}""");
        Done done = firedrill("task", "99", "--complete");
        assertThat(done.exit()).isEqualTo(2);
        assertThat(done.err()).contains("'decision' is missing.");
    }

    @Test
    void setWithoutCompleteIsBadUsage() {
        assertThat(firedrill("task", "99", "--set", "decision=approve").exit()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void claimingSaysWho() {
        taskExists();
        server.answers("POST /api/tasks/99/claim", 204, "application/json", "");
        Done done = firedrill("task", "99", "--claim", "--as", "bert");
        assertThat(done.out()).contains("Claimed by bert");
        assertThat(done.exit()).isZero();
    }

    @Test
    void theListIsAlignedAndSaysWhoIsAwaited() {
        server.answers("GET /api/tasks?service=shop", "{\"tasks\": [" + TASK + "]}");
        Done tasks = firedrill("tasks", "--service", "shop");
        assertThat(tasks.lines()).hasSize(2);
        assertThat(tasks.lines().get(1).indexOf("Approve the restore plan")).isEqualTo(tasks.lines().get(0).indexOf("TASK"));
        assertThat(tasks.out()).contains("approver");
    }

    @Test
    void jsonIsTheServersAnswerInOneLine() {
        taskExists();
        Done task = firedrill("task", "99", "--json");
        assertThat(task.lines()).hasSize(1);
        assertThat(task.out()).startsWith("{\"key\":99,");
    }
}
