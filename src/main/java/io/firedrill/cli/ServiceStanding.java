package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Each service's objectives beside what its backups and its last recovery really give. */
final class ServiceStanding {
    private final Api api;

    ServiceStanding(Api api) {
        this.api = api;
    }

    /** @param status the server's answer to {@code GET /status} */
    Table table(JsonNode status) {
        Table table = new Table("SERVICE", "LOSE AT MOST", "WOULD LOSE NOW", "AWAY AT MOST", "LAST RECOVERY TOOK", "LAST DRILL");
        Json.items(status.path("plan"), "services").forEach(service -> table.row(
                Json.text(service, "name", ""),
                seconds(service, "rpoSeconds"),
                wouldLose(service),
                seconds(service, "rtoSeconds"),
                lastRecovery(Json.text(service, "name", "")),
                lastDrill(service.path("lastDrill"))));
        return table;
    }

    private static String wouldLose(JsonNode service) {
        if (Json.measured(service, "backupAgeSeconds").isEmpty()) {
            return "everything: not all of it is backed up";
        }
        String age = seconds(service, "backupAgeSeconds");
        return Json.flag(service, "withinRpo") ? age : age + " (too much)";
    }

    private static String lastDrill(JsonNode drill) {
        return Json.instant(drill, "at")
                .map(at -> "%s %s%s".formatted(
                        Json.text(drill, "outcome", ""),
                        Times.here().ago(at),
                        Json.text(drill, "outcome", "").equals("proven")
                                ? ", took %s%s".formatted(
                                        Words.of(Duration.ofMillis((long) (Json.decimal(drill, "rtoSeconds") * 1000))),
                                        Json.flag(drill, "objectivesMet") ? "" : " (objective missed)")
                                : ""))
                .orElse("never drilled");
    }

    private String lastRecovery(String service) {
        List<JsonNode> runs = Json.items(
                api.get("/runs" + new Query().with("process", "disaster-recovery").with("service", service).with("limit", "20")),
                "runs");
        return runs.stream()
                .filter(run -> Json.text(run, "outcome", "").equals("proven"))
                .findFirst()
                .flatMap(run -> Json.text(run, "id"))
                .map(id -> api.get("/runs/" + id).path("variables").path("loss"))
                .flatMap(loss -> Json.measured(loss, "rtoSeconds"))
                .map(seconds -> Words.of(Duration.ofMillis((long) (seconds.doubleValue() * 1000))))
                .orElse("never recovered");
    }

    private static String seconds(JsonNode service, String field) {
        return Times.rough(Duration.ofSeconds(Json.number(service, field)));
    }
}
