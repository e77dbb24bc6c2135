package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ListingsTest extends CommandLineFixture {
    @Test
    void runsAreAskedForWithTheGivenLimits() {
        server.answers("GET /api/runs?service=my%20shop&limit=5", """
                {"runs": [{"id": 7, "process": "backup", "service": "my shop", "state": "done", "outcome": "done",
                  "startedAt": "2026-11-23T08:45:12Z", "endedAt": "2026-11-23T08:45:14.500Z", "requestedBy": "anna"}]}""");
        Done runs = firedrill("runs", "--service", "my shop", "--limit", "5");
        assertThat(runs.exit()).isZero();
        assertThat(runs.lines()).hasSize(2);
        assertThat(runs.out()).contains("backup", "2.5 s", "anna");
    }

    @Test
    void aRunShowsItsStepsItsFailureAndItsProblems() {
        server.answers("GET /api/runs/7", """
                {"id": 7, "process": "disaster-recovery", "state": "stuck", "incident": "INC-1",
                 "steps": [{"name": "Restore database", "type": "call-activity", "run": 7, "state": "active", "startedAt": "2026-11-23T08:45:12Z"},
                   {"name": "Prove the database", "type": "service-task", "run": 8, "state": "failed", "summary": "digest differs",
                    "startedAt": "2026-11-23T08:45:12Z", "endedAt": "2026-11-23T08:45:13Z"}],
                 "variables": {"failedStep": "Prove the database", "failure": {"what": "W", "meaning": "M", "next": "N"},
                   "restoredDatabases": [{"name": "orders", "failure": {"what": "W2", "meaning": "M2", "next": "N2"}}]},
                 "problems": [{"step": "Notify", "message": "No such host", "retries": 0},
                   {"step": "Cut over", "message": "No answer", "retries": 2}]}""");
        Done run = firedrill("run", "7");
        assertThat(run.out())
                .contains("▸ Restore database", "  ✗ Prove the database", "digest differs")
                .contains("Prove the database failed: W", "Means: M", "Next:  N", "Stuck at 'Notify'", "No such host",
                        "When it is cured: firedrill run 7 --retry", "Failed and tried again: 'Cut over'")
                .contains("Restoring orders failed: W2", "Means: M2", "Next:  N2");
    }

    @Test
    void backupsShowSizesAndStores() {
        server.answers("GET /api/backups", """
                {"backups": [{"id": "shop-orders-logical-20261123T084512Z", "kind": "logical", "snapshotAt": "2026-11-23T08:45:12Z",
                  "bytes": 43306189, "storedBytes": 512, "tables": 4, "rows": 370001, "files": 0, "state": "verified",
                  "stores": [{"store": "local"}, {"store": "offsite"}]}]}""");
        assertThat(firedrill("backups").out()).contains("41.3 MiB", "512 B", "4 tables, 370,001 rows", "verified", "local,offsite");
    }

    @Test
    void verifyingTellsPerStore() {
        server.answers("POST /api/backups/b1/verify", """
                {"id": "b1", "stores": {"local": {"storedBytes": 1024, "seconds": 0.5}, "offsite": {"storedBytes": 1024, "seconds": 1.5}}}""");
        Done verify = firedrill("backups", "verify", "b1");
        assertThat(verify.exit()).isZero();
        assertThat(verify.lines()).hasSize(2);
        assertThat(verify.out()).contains("from local", "from offsite", "1.0 KiB in 1.5 s");
    }

    @Test
    void holdingSaysWhoAndWhy() {
        server.answers("POST /api/backups/b1/hold", """
                {"id": "b1", "hold": {"at": "2026-11-23T08:45:12Z", "by": "anna", "reason": "case 17"}}""");
        Done hold = firedrill("backups", "hold", "b1", "--reason", "case 17");
        assertThat(hold.exit()).isZero();
        assertThat(hold.out()).contains("b1 is held by anna: case 17");
        assertThat(server.request("POST /api/backups/b1/hold").body()).isEqualTo("{\"reason\":\"case 17\"}");
        assertThat(firedrill("backups", "hold", "b1").exit()).isEqualTo(2);
    }

    @Test
    void aDryRunOfExpirySaysWhatWouldGoAndWhyTheRestStays() {
        server.answers("POST /api/backups/expire", """
                {"service": "shop", "dryRun": true, "removed": ["b1"], "kept": 1, "backups": [
                  {"id": "b2", "removed": false, "why": ["the newest good one", "newest of 2026-11-23"]},
                  {"id": "b1", "removed": true, "why": ["kept by no rule: days 1"]}]}""");
        Done expire = firedrill("backups", "expire", "shop", "--dry-run");
        assertThat(expire.exit()).isZero();
        assertThat(server.request("POST /api/backups/expire").body()).isEqualTo("{\"service\":\"shop\",\"dryRun\":true}");
        assertThat(expire.lines()).hasSize(4);
        assertThat(expire.lines().get(1)).matches("b2 +stays +the newest good one; newest of 2026-11-23");
        assertThat(expire.lines().get(2)).matches("b1 +would go +kept by no rule: days 1");
        assertThat(expire.lines().get(3)).isEqualTo("1 would go, 1 would stay.");
    }

    @Test
    void statusShowsObjectiveBesideTruth() {
        server.answers("GET /api/status", """
                {"version": "1", "engine": {"state": "up", "address": "http://127.0.0.1:26500", "version": "8.6.0"},
                 "stateDatabase": {"state": "up"}, "plan": {"file": "/p.yaml", "services": [
                   {"name": "shop", "rpoSeconds": 900, "rtoSeconds": 1800, "backupAgeSeconds": 7200, "withinRpo": false},
                   {"name": "blog", "rpoSeconds": 86400, "rtoSeconds": 14400, "backupAgeSeconds": null, "withinRpo": false}]}}""")
                .answers("GET /api/runs?process=disaster-recovery&service=shop&limit=20", "{\"runs\": [{\"id\": 5, \"outcome\": \"proven\"}]}")
                .answers("GET /api/runs?process=disaster-recovery&service=blog&limit=20", "{\"runs\": []}")
                .answers("GET /api/runs/5", "{\"id\": 5, \"variables\": {\"loss\": {\"rtoSeconds\": 95}}}")
                .answers("GET /api/runs?limit=100", "{\"runs\": []}")
                .answers("GET /api/tasks", "{\"tasks\": []}");
        Done status = firedrill("status");
        assertThat(status.exit()).isZero();
        assertThat(status.out())
                .contains("15 min", "2 h (too much)", "30 min", "1 min 35 s")
                .contains("everything: not all of it is backed up", "never recovered")
                .contains("Nothing is running.", "Nothing waits for a person.");
    }

    @Test
    void statusOfAServerWithoutItsEngineIsExitOne() {
        server.answers("GET /api/status", "{\"engine\": {\"state\": \"down\"}, \"stateDatabase\": {\"state\": \"up\"}}");
        assertThat(firedrill("status", "--json").exit()).isEqualTo(1);
    }

    @Test
    void aReportCanBeWrittenToAFile() {
        server.answers("GET /api/reports/INC-1?format=html", 200, "text/html", "<h1>Report</h1>");
        Path file = folder.resolve("report.html");
        assertThat(firedrill("report", "INC-1", "--format", "html", "--output", file.toString()).exit()).isZero();
        assertThat(file).hasContent("<h1>Report</h1>");
    }

    @Test
    void diagnoseTellsFindingsAndTheDecision() {
        server.answers("POST /api/diagnoses", """
                {"evidence": {"findings": [{"severity": "damage", "about": "uploads", "text": "all files are missing"}]},
                 "diagnosis": {"cause": "human-error", "strategy": "restore-files", "confidence": "high", "explanation": "Because."}}""");
        assertThat(firedrill("diagnose", "shop").out()).contains("all files are missing", "way back restore-files", "Because.");
    }
}
