package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.Json;
import io.firedrill.client.RunOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SummaryTest {
    private static final JsonNode RUN = Json.parse("""
            {"id": 7, "state": "done", "outcome": "proven", "incident": "INC-1", "steps": [], "variables": {
              "diagnosis": {"cause": "human-error", "strategy": "restore-all"}, "strategy": "restore-all",
              "restoredDatabases": [{"name": "orders", "proven": true, "tables": 4, "rows": 370001, "files": 0, "backup": "b1"}],
              "restoredFiles": [{"name": "uploads", "proven": true, "tables": 0, "rows": 0, "files": 362, "backup": "b2"}],
              "loss": {"lostSeconds": 15, "rtoSeconds": 6.5}}}""");

    private static Measured measured() {
        var files = new TreeMap<String, String>();
        files.put("a", "00ff");
        files.put("newest", "-> a");
        return new Measured(new TreeMap<>(), files);
    }

    private static Story.Ending ending(List<String> differences) {
        return new Story.Ending(Fault.DELETED_ROWS, List.of(), List.of(), 25, 25, false, false, new RunOutcome(RUN),
                Json.object().put("undoAvailable", true), differences, false, measured(), Path.of("/demo/report.md"));
    }

    @Test
    void theJsonIsWhatTheContractSays() {
        assertThat(Summary.json(ending(List.of())).toString())
                .isEqualTo("{\"fault\":\"deleted-rows\",\"cause\":\"human-error\",\"strategy\":\"restore-all\",\"incident\":\"INC-1\","
                        + "\"backup\":\"b1,b2\",\"proven\":true,\"tables\":4,\"rows\":370001,\"files\":362,\"lostSeconds\":15,"
                        + "\"rtoSeconds\":6.5,\"undoAvailable\":true,\"report\":\"/demo/report.md\"}");
    }

    @Test
    void whatTheDemoItselfSeesOtherwiseIsNotProven() {
        assertThat(Json.flag(Summary.json(ending(List.of("shop.orders: 2 → 1 rows"))), "proven")).isFalse();
    }

    @Test
    void whatAPersonMendedIsNotProvenAndTakesItsTimeFromThePerson() {
        JsonNode run = Json.parse("""
                {"id": 8, "state": "done", "outcome": "mended", "incident": "INC-2", "steps": [], "variables": {
                  "diagnosis": {"cause": "capacity", "strategy": "mend-by-hand"}, "strategy": "mend-by-hand",
                  "openedAt": "2026-11-23T09:00:00Z", "mendedAt": "2026-11-23T09:00:04.500Z"}}""");
        Story.Ending end = new Story.Ending(Fault.DISK_FULL, List.of(), List.of(), 25, 0, false, false, new RunOutcome(run),
                Json.object().put("undoAvailable", false), List.of(), false, measured(), Path.of("/demo/report.md"));
        assertThat(end.mended()).isTrue();
        assertThat(Summary.json(end).toString())
                .isEqualTo("{\"fault\":\"disk-full\",\"cause\":\"capacity\",\"strategy\":\"mend-by-hand\",\"incident\":\"INC-2\","
                        + "\"backup\":\"\",\"proven\":false,\"tables\":0,\"rows\":0,\"files\":0,\"lostSeconds\":0,"
                        + "\"rtoSeconds\":4.5,\"undoAvailable\":false,\"report\":\"/demo/report.md\"}");
    }

    @Test
    void filesAreCountedAsTheBackupCountsThemAndLinksAreToldApart() {
        assertThat(measured().regularFiles()).isEqualTo(1);
        assertThat(measured().filesInWords()).isEqualTo("1 files, 1 link");
    }
}
