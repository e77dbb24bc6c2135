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
import java.util.stream.Stream;
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
        if (end.mended()) {
            tellMended();
        } else if (end.proven() && end.fault().hitsServer()) {
            tellFailedOver();
        } else if (end.proven()) {
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
                ": %s, and the demo's own count agrees (%,d rows, %s)",
                end.wholeServer() ? "every row and every index was read on the restored server"
                        : "each table and file equals what " + (end.toMoment() ? "was recorded where it came from" : "its backup recorded"),
                end.restored().rows(),
                end.restored().filesInWords()));
        fact("Not in it", notInIt());
        fact("RPO", rpo());
        fact("RTO", rto());
        String incident = recovery.incident();
        fact("Undo", Json.flag(end.incident(), "undoAvailable")
                ? "firedrill undo " + incident
                : "no longer offered, as incident " + incident + " is closed; what was set aside is kept");
    }

    private void tellMended() {
        fact("Restored", "nothing: a person made room and started the server; no backup was touched");
        fact("Data", String.format(Locale.ROOT, "as before the fault, by the demo's own count: %,d rows, %s, with the %d orders placed"
                + " after the backup", end.restored().rows(), end.restored().filesInWords(), end.ordersAfterBackup()));
        fact("RPO", "nothing was lost; objective " + objective("rpo"));
        fact("RTO", "%s from the incident's opening until it was mended; objective %s".formatted(seconds(end.rtoSeconds()), objective("rto")));
        fact("Undo", "none: nothing was swapped");
    }

    private void tellFailedOver() {
        JsonNode failover = end.recovery().variables().path("failover");
        fact("Primary", "%s (%s) in place of %s, timeline %d".formatted(
                Json.text(failover, "to", "?"), Json.text(failover, "address", "?"), Json.text(failover, "from", "?"),
                Json.number(failover, "timeline")));
        fact("Proven", terminal.green("yes") + String.format(
                Locale.ROOT,
                ": it takes writes, and the demo's own count agrees: %,d rows, %s, with the %d orders placed after the backup",
                end.restored().rows(), end.restored().filesInWords(), end.ordersAfterBackup()));
        fact("Not in it", Json.text(failover, "text", "?"));
        fact("Standby", Json.items(end.recovery().variables(), "redundancy").stream()
                .map(node -> Json.text(node, "text", ""))
                .collect(Collectors.joining("; ")));
        fact("RPO", "%s of data lost%s; objective %s".formatted(
                seconds(Json.decimal(failover, "lostSeconds")), Json.flag(failover, "exact") ? "" : " at most", objective("rpo")));
        fact("RTO", rto());
        fact("Undo", "none: a failover is not undone; db1 can become the primary again by a switchover");
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
        String orders = end.toMoment()
                ? "no order: the %d placed after the backup are in it, as %s".formatted(
                        end.ordersAfterBackup(),
                        end.wholeServer() ? "all of the server's WAL came back" : "the database is from just before the fault")
                : end.fault().hitsDatabase()
                ? "%d orders placed after the backup (%d of them found in what was set aside)"
                        .formatted(end.ordersAfterBackup(), end.ordersSetAside())
                : "nothing: no file was written between the backup and the fault";
        return orders + "; what was damaged is kept as " + aside;
    }

    /** What came back is from different moments: the database from just before the fault, files from their snapshot. */
    private String rpo() {
        JsonNode variables = end.recovery().variables();
        Optional<Instant> fenced = Json.instant(variables, "fencedAt");
        String each = Stream.of("databases", "fileSets")
                .flatMap(kind -> Json.items(variables.path("restorePlan"), kind).stream())
                .flatMap(target -> Json.instant(target, "snapshotAt").stream()
                        .flatMap(from -> fenced.stream().map(to -> "%s %s".formatted(
                                Json.text(target, "database", Json.text(target, "fileSet", "?")),
                                seconds(Duration.between(from, to).toMillis() / 1000.0)))))
                .collect(Collectors.joining(", "));
        return "%s of data lost%s; objective %s".formatted(
                seconds(end.recovery().lostSeconds()), each.isEmpty() ? "" : " at most (%s)".formatted(each), objective("rpo"));
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
        Optional<Instant> back = Json.instant(end.recovery().variables(), "unfencedAt")
                .or(() -> Json.instant(end.recovery().variables().path("failover"), "provenAt"));
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
                .put("rtoSeconds", end.rtoSeconds())
                .put("undoAvailable", Json.flag(end.incident(), "undoAvailable"))
                .put("report", end.report().toString());
    }
}
