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
                        {"backups": [{"id": "b1", "kind": "logical", "bytes": 10, "storedBytes": 5, "seconds": 5.4, "state": "verified",
                          "stores": [{"store": "local"}, {"store": "offsite"}]}, {"id": "older", "kind": "logical"}]}""");

        Done done = firedrill("backup", "shop", "--wait", "--json");

        assertThat(done.exit()).isZero();
        assertThat(done.err().lines().filter(line -> line.contains("Dump database"))).hasSize(1);
        assertThat(done.err()).contains("✓ Dump database", "2.3 s", "orders: 3 tables", "(2 attempts)").doesNotContain("Done?");
        JsonNode json = lastLine(done);
        assertThat(Json.text(json, "state")).contains("done");
        assertThat(json.path("backups")).hasSize(1);
        assertThat(json.toString())
                .isEqualTo("{\"run\":\"7\",\"state\":\"done\",\"backups\":[{\"id\":\"b1\",\"kind\":\"logical\",\"bytes\":10,"
                        + "\"storedBytes\":5,\"seconds\":5.4,\"stores\":[\"local\",\"offsite\"],\"verified\":true}]}");
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
    void aDrillTellsItsTimesAgainstTheObjectivesAndWhereTheEvidenceLies() {
        String ended = run("done", "", """
                {"outcome": "proven", "drill": "DRILL-1", "evidencePath": "/reports/DRILL-1", "drillResult": {"proven": true,
                  "objectivesMet": false, "rtoMet": true, "rpoMet": false, "rtoSeconds": 12.5, "rpoSeconds": 7200,
                  "backups": ["b1", "b2"], "tables": 4, "files": 9, "failure": null}}""");
        server.answers("POST /api/drills", "{\"run\": 7}").answers("GET /api/runs/7", ended);
        Done people = firedrill("drill", "shop", "--wait");
        assertThat(people.exit()).isZero();
        assertThat(people.out()).contains("Proven: 4 tables and 9 files", "RTO: 12.5 s, objective met. RPO: 2 h 0 min, objective MISSED.",
                "Evidence: /reports/DRILL-1");
        JsonNode json = lastLine(firedrill("drill", "shop", "--wait", "--json"));
        assertThat(json.toString()).isEqualTo("{\"run\":\"7\",\"state\":\"proven\",\"outcome\":\"proven\",\"drill\":\"DRILL-1\","
                + "\"backup\":\"b1,b2\",\"proven\":true,\"tables\":4,\"files\":9,\"lostSeconds\":7200.0,\"rtoSeconds\":12.5,"
                + "\"rpoSeconds\":7200.0,\"objectivesMet\":false,\"rtoMet\":true,\"rpoMet\":false,"
                + "\"evidence\":\"/reports/DRILL-1\",\"failure\":null}");
    }

    @Test
    void aDrillThatIsNotProvenIsExitOneAlthoughItWaitsForAPerson() {
        server.answers("POST /api/drills", "{\"run\": 7}")
                .answers("GET /api/runs/7", run("waiting", "", """
                        {"outcome": "failed", "drill": "DRILL-1", "drillResult": {"proven": false, "failure": {"code": "corrupt-object",
                          "what": "The dump is damaged.", "meaning": "It cannot be restored.", "next": "Take a new backup."}}}"""))
                .answers("GET /api/tasks", """
                        {"tasks": [{"key": 99, "run": 7, "name": "Review the failed drill", "candidateGroups": ["operator"]}]}""");
        Done done = firedrill("drill", "shop", "--wait");
        assertThat(done.exit()).isEqualTo(1);
        assertThat(done.out()).contains("The dump is damaged.", "It cannot be restored.", "Take a new backup.", "firedrill task 99");
    }

    @Test
    void aDryRunShowsThePlanAndStartsNothing() {
        server.answers("POST /api/recoveries?dryRun=true", """
                {"service": "shop", "strategy": "restore-databases", "diagnosis": {"explanation": "Rows are missing."},
                  "text": ["orders: from b1", "Away for about 20 s"]}""");
        Done done = firedrill("recover", "shop", "--dry-run");
        assertThat(done.exit()).isZero();
        assertThat(done.out()).contains("restore-databases. Rows are missing.", "  orders: from b1", "Nothing was started or changed");
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
        recoveryEndsAs("done", "{\"outcome\": \"rejected\"}");
        assertThat(firedrill("recover", "shop", "--wait").out()).contains("What to do next: firedrill incident INC-1");
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
    void anIncidentLeftOpenSaysWhatToDoAndIsClosedWithAReason() {
        server.answers("GET /api/incidents/INC-1", """
                        {"incident": "INC-1", "service": "shop", "state": "open", "run": 7, "outcome": "rejected", "steps": []}""")
                .answers("POST /api/incidents/INC-1/close", "{\"run\": 8}");
        assertThat(firedrill("incident", "INC-1").out())
                .contains("firedrill recover shop", "firedrill incident INC-1 --close --reason TEXT");
        Done done = firedrill("incident", "INC-1", "--close", "--reason", "mended by hand", "--as", "Jörg Żak", "--json");
        assertThat(done.exit()).isZero();
        assertThat(done.out()).isEqualToIgnoringNewLines("{\"run\":\"8\",\"state\":\"running\"}");
        assertThat(server.request("POST /api/incidents/INC-1/close").body()).isEqualTo("{\"reason\":\"mended by hand\"}");
        assertThat(server.request("POST /api/incidents/INC-1/close").actor()).isEqualTo("J%C3%B6rg%20%C5%BBak");
    }

    @Test
    void closingWithoutAReasonIsBadUsage() {
        assertThat(firedrill("incident", "INC-1", "--close").exit()).isEqualTo(2);
        assertThat(firedrill("incident", "INC-1", "--reason", "x").exit()).isEqualTo(2);
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
