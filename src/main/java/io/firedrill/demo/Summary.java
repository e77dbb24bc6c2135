package io.firedrill.demo;

import io.firedrill.client.Json;
import io.firedrill.client.RunOutcome;
import io.firedrill.client.Step;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the story came to, for people and for machines. */
final class Summary {
    private final Terminal terminal;
    private final Story.Ending end;

    Summary(Terminal terminal, Story.Ending end) {
        this.terminal = terminal;
        this.end = end;
    }

    void tell() {
        terminal.blank();
        terminal.line(terminal.bold("== Summary =="));
        fact("Lost", String.join("; ", end.damage()));
        if (end.proven()) {
            tellRecovered();
        } else {
            tellNotRecovered();
        }
        fact("Report", end.report() + " (and .html)");
    }

    private void tellRecovered() {
        RunOutcome recovery = end.recovery();
        fact("Restored", recovery.restored().stream().map(Summary::restored).collect(Collectors.joining("; ")));
        fact("Proven", terminal.green("yes") + String.format(
                Locale.ROOT,
                ": each table and file equals what its backup recorded, and the demo's own count agrees (%,d rows, %,d files)",
                end.restored().rows(),
                end.restored().files().size()));
        fact("Not in it", notInIt());
        fact("RPO", "%s of data lost, objective %s".formatted(seconds(recovery.lostSeconds()), objective("rpo")));
        fact("RTO", rto());
        String incident = recovery.incident();
        fact("Undo", Json.flag(end.incident(), "undoAvailable")
                ? "firedrill undo " + incident
                : "no longer offered, as incident " + incident + " is closed; what was set aside is kept");
    }

    private static String restored(JsonNode result) {
        String what = Json.number(result, "tables") > 0
                ? String.format(Locale.ROOT, "%,d tables, %,d rows", Json.number(result, "tables"), Json.number(result, "rows"))
                : String.format(Locale.ROOT, "%,d files, %s", Json.number(result, "files"), Words.bytes(Json.number(result, "bytes")));
        return "%s: %s from %s".formatted(Json.text(result, "name", ""), what, Json.text(result, "backup", ""));
    }

    private String notInIt() {
        String aside = Json.items(end.recovery().variables().path("cutOver"), "swaps").stream()
                .map(swap -> Json.text(swap, "setAside", ""))
                .collect(Collectors.joining(", "));
        String orders = end.fault().hitsDatabase()
                ? "%d orders placed after the backup (%d of them found in what was set aside)"
                        .formatted(end.ordersAfterBackup(), end.ordersSetAside())
                : "nothing: no file was written between the backup and the fault";
        return orders + "; what was damaged is kept as " + aside;
    }

    private String rto() {
        double away = end.recovery().rtoSeconds();
        double people = Math.min(away, peopleSeconds());
        return "%s, of which machine %s and people %s; objective %s"
                .formatted(seconds(away), seconds(away - people), seconds(people), objective("rto"));
    }

    /** How long user tasks lay before the service was let in again. */
    private double peopleSeconds() {
        JsonNode run = end.recovery().run();
        Optional<Instant> back = Json.instant(end.recovery().variables(), "unfencedAt");
        return Step.worthTelling(run).stream()
                .filter(Step::byPerson)
                .filter(step -> back.isEmpty() || step.endedAt().filter(ended -> !ended.isAfter(back.get())).isPresent())
                .mapToDouble(step -> step.took(Instant.now()).toMillis() / 1000.0)
                .sum();
    }

    private static String objective(String which) {
        return which.equals("rpo") ? "15 min" : "30 min";
    }

    private void tellNotRecovered() {
        String outcome = end.recovery().outcome();
        fact("Ended as", outcome.isEmpty() ? "stuck" : outcome);
        end.recovery().failure().ifPresent(failure -> {
            fact("Failed", failure.what());
            fact("Means", failure.meaning());
            fact("Next", failure.next());
        });
        if (end.asDamaged()) {
            fact("Data", "exactly as the fault left it; nothing was changed, nothing is fenced");
        } else {
            List<String> differences = end.differences();
            fact("Data", "differs from the backup: " + String.join("; ", differences.stream().limit(10).toList()));
        }
    }

    private void fact(String name, String value) {
        terminal.line("%s %s".formatted(terminal.bold("%-9s".formatted(name)), value));
    }

    private static String seconds(double seconds) {
        return Words.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    static JsonNode json(Story.Ending end) {
        RunOutcome recovery = end.recovery();
        return Json.object()
                .put("fault", end.fault().word())
                .put("cause", recovery.cause())
                .put("strategy", recovery.strategy())
                .put("incident", recovery.incident())
                .put("backup", recovery.backups())
                .put("proven", end.proven())
                .put("tables", recovery.sum("tables"))
                .put("rows", recovery.sum("rows"))
                .put("files", recovery.sum("files"))
                .put("lostSeconds", recovery.lostSeconds())
                .put("rtoSeconds", recovery.rtoSeconds())
                .put("undoAvailable", Json.flag(end.incident(), "undoAvailable"))
                .put("report", end.report().toString());
    }
}
