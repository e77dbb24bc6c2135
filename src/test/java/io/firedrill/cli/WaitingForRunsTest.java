package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WaitingForRunsTest extends CommandLineFixture {
    private static final String DUMP = """
            {"element": "Task_DumpDatabase", "name": "Dump database", "type": "service-task", "run": 7, "process": "backup",
             "state": "%s", "startedAt": "2026-11-23T08:45:12Z", "endedAt": %s, "summary": "orders: 3 tables", "attempts": 2}""";
    private static final String GATEWAY = """
            {"element": "Gateway_1", "name": "Done?", "type": "exclusive-gateway", "run": 7, "state": "done"}""";

    private static String run(String state, String steps, String variables) {
        return """
                {"id": 7, "process": "backup", "service": "shop", "state": "%s", "incident": "INC-1", "steps": [%s],
                 "variables": %s, "problems": []}""".formatted(state, steps, variables);
    }

    private static JsonNode lastLine(Done done) {
        return Json.parse(done.lines().getLast());
    }

    @Test
    void backupTellsEachStepOnceAsItEndsAndThenWhatWasTaken() {
        server.answers("POST /api/backups", "{\"run\": 7}")
                .answers("GET /api/runs/7", run("running", DUMP.formatted("active", "null"), "{}"))
                .answers("GET /api/runs/7", run("running", DUMP.formatted("done", "\"2026-11-23T08:45:14.300Z\""), "{}"))
                .answers("GET /api/runs/7", run("done", DUMP.formatted("done", "\"2026-11-23T08:45:14.300Z\"") + "," + GATEWAY,
                        "{\"outcome\": \"done\", \"backups\": [\"b1\"]}"))
                .answers("GET /api/backups?service=shop", """
                        {"backups": [{"id": "b1", "kind": "logical", "bytes": 10, "storedBytes": 5, "state": "verified",
                          "stores": [{"store": "local"}, {"store": "offsite"}]}, {"id": "older", "kind": "logical"}]}""");

        Done done = firedrill("backup", "shop", "--wait", "--json");

        assertThat(done.exit()).isZero();
        assertThat(done.err().lines().filter(line -> line.contains("Dump database"))).hasSize(1);
        assertThat(done.err()).contains("✓ Dump database", "2.3 s", "orders: 3 tables", "(2 attempts)").doesNotContain("Done?");
        JsonNode json = lastLine(done);
        assertThat(Json.text(json, "state")).contains("done");
        assertThat(json.path("backups")).hasSize(1);
        assertThat(json.path("backups").path(0).toString())
                .contains("\"id\":\"b1\"", "\"storedBytes\":5", "\"stores\":[\"local\",\"offsite\"]", "\"verified\":true");
        assertThat(server.request("POST /api/backups").body()).isEqualTo("{\"service\":\"shop\",\"kind\":\"all\"}");
    }

    @Test
    void aBackupThatWaitsForADecisionIsExitThreeAndNamesTheTask() {
        server.answers("POST /api/backups", "{\"run\": 7}")
                .answers("GET /api/runs/7", run("waiting", "", "{}"))
                .answers("GET /api/tasks", """
                        {"tasks": [{"key": 99, "run": 7, "name": "Decide about the failed backup", "candidateGroups": ["operator"]},
                          {"key": 98, "run": 8, "name": "Another run's"}]}""")
                .answers("GET /api/backups?service=shop", "{\"backups\": []}");
        Done done = firedrill("backup", "shop", "--wait");
        assertThat(done.exit()).isEqualTo(3);
        assertThat(done.out()).contains("Waits for operator: Decide about the failed backup", "firedrill task 99")
                .doesNotContain("Another run's");
    }

    @Test
    void aBackupGivenUpIsExitOneWithItsFailure() {
        server.answers("POST /api/backups", "{\"run\": 7}")
                .answers("GET /api/runs/7", run("done", "", """
                        {"outcome": "failed", "failure": {"code": "disk-full", "what": "The disk is full.",
                          "meaning": "No backup was written.", "next": "Free space."}}"""))
                .answers("GET /api/backups?service=shop", "{\"backups\": []}");
        Done done = firedrill("backup", "shop", "--wait");
        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).contains("The disk is full.", "No backup was written.", "Free space.");
    }

    @Test
    void withoutWaitTheRunIsNamed() {
        server.answers("POST /api/backups", "{\"run\": 7}");
        Done done = firedrill("backup", "shop", "--kind", "files", "--json");
        assertThat(done.exit()).isZero();
        assertThat(done.out()).isEqualToIgnoringNewLines("{\"run\":\"7\",\"state\":\"running\"}");
        assertThat(server.request("POST /api/backups").body()).contains("\"kind\":\"files\"");
    }

    @Test
    void aRunThatIsNotKnownYetIsAwaited() {
        server.answers("POST /api/backups", "{\"run\": 7}")
                .refuses("GET /api/runs/7", 404, "{}")
                .answers("GET /api/runs/7", run("done", "", "{\"outcome\": \"done\"}"))
                .answers("GET /api/backups?service=shop", "{\"backups\": []}");
        assertThat(firedrill("backup", "shop", "--wait").exit()).isZero();
    }

    private void recoveryEndsAs(String state, String variables) {
        server.answers("POST /api/recoveries", "{\"run\": 7}").answers("GET /api/runs/7", run(state, "", variables));
    }

    @Test
    void aRecoveryIsProvenOnlyWhenEveryRestoredPartIs() {
        recoveryEndsAs("done", """
                {"outcome": "proven", "strategy": "restore-all", "diagnosis": {"cause": "human-error", "strategy": "restore-all"},
                 "restoredDatabases": [{"name": "orders", "proven": true, "tables": 4, "files": 0, "backup": "b1"}],
                 "restoredFiles": [{"name": "uploads", "proven": true, "tables": 0, "files": 300, "backup": "b2"}],
                 "loss": {"lostSeconds": 61, "rtoSeconds": 12.5}}""");
        Done done = firedrill("recover", "shop", "--reason", "orders are gone", "--only", "orders,uploads", "--wait", "--json");
        assertThat(done.exit()).isZero();
        assertThat(lastLine(done).toString())
                .isEqualTo("{\"run\":\"7\",\"state\":\"proven\",\"outcome\":\"proven\",\"incident\":\"INC-1\","
                        + "\"cause\":\"human-error\",\"strategy\":\"restore-all\",\"backup\":\"b1,b2\",\"proven\":true,"
                        + "\"tables\":4,\"files\":300,\"lostSeconds\":61,\"rtoSeconds\":12.5,\"failure\":null}");
        assertThat(server.request("POST /api/recoveries").body())
                .isEqualTo("{\"service\":\"shop\",\"reason\":\"orders are gone\",\"only\":[\"orders\",\"uploads\"]}");
    }

    @Test
    void anOutcomeProvenWithAnUnprovenPartIsNotBelieved() {
        recoveryEndsAs("done", """
                {"outcome": "proven", "restoredDatabases": [{"name": "orders", "proven": true}, {"name": "stock", "proven": false,
                  "failure": {"what": "Digest of table stock differs.", "meaning": "m", "next": "n"}}]}""");
        Done done = firedrill("recover", "shop", "--wait");
        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).contains("without a proven recovery", "Digest of table stock differs.");
    }

    @Test
    void aRejectedRecoveryIsExitOne() {
        recoveryEndsAs("done", "{\"outcome\": \"rejected\"}");
        Done done = firedrill("recover", "shop", "--wait", "--json");
        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).contains("\"state\":\"failed\"", "\"outcome\":\"rejected\"", "\"proven\":false");
    }

    @Test
    void aStuckRecoveryIsExitOneWithTheProblem() {
        server.answers("POST /api/recoveries", "{\"run\": 7}").answers("GET /api/runs/7", """
                {"id": 7, "state": "stuck", "steps": [], "variables": {},
                 "problems": [{"step": "Notify", "message": "No such host", "retries": 0}]}""");
        Done done = firedrill("recover", "shop", "--wait");
        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).contains("Notify", "No such host");
    }

    @Test
    void undoWaitsToo() {
        server.answers("POST /api/incidents/INC-1/undo", "{\"run\": 7}")
                .answers("GET /api/runs/7", run("done", "", "{\"outcome\": \"undone\"}"));
        Done done = firedrill("undo", "INC-1", "--reason", "wrong backup", "--wait", "--as", "anna");
        assertThat(done.exit()).isZero();
        assertThat(server.request("POST /api/incidents/INC-1/undo"))
                .satisfies(request -> assertThat(request.actor()).isEqualTo("anna"))
                .satisfies(request -> assertThat(request.body()).isEqualTo("{\"reason\":\"wrong backup\"}"));
    }
}
