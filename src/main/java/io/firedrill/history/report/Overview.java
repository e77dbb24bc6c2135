package io.firedrill.history.report;

import io.firedrill.history.Incident;
import io.firedrill.history.Step;
import io.firedrill.history.report.Document.Fact;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Tone;
import io.firedrill.history.report.Document.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a reader learns in the first ten seconds. */
final class Overview {
    private Overview() {}

    static Verdict verdict(Case facts) {
        return switch (facts.outcome()) {
            case "proven" -> new Verdict(Tone.GOOD, "Recovered and proven");
            case "failed-over" -> new Verdict(Tone.GOOD, "Failed over, writes proven");
            case "primary-alive" -> new Verdict(Tone.NEUTRAL, "The primary works, nothing changed");
            case "mended" -> new Verdict(Tone.GOOD, "Mended by hand");
            case "nothing" -> new Verdict(Tone.NEUTRAL, "Nothing to recover");
            case "rejected" -> new Verdict(Tone.NEUTRAL, "Rejected, nothing changed");
            case "stopped" -> new Verdict(Tone.BAD, "Stopped, everything as it was");
            case "undone" -> new Verdict(Tone.NEUTRAL, "Undone");
            case "" -> underWay(facts);
            default -> new Verdict(Tone.NEUTRAL, Words.capital(Words.plain(facts.outcome())));
        };
    }

    private static Verdict underWay(Case facts) {
        return facts.active().isEmpty() && facts.incident().state().equals("closed")
                ? new Verdict(Tone.BAD, "Cancelled")
                : new Verdict(Tone.OPEN, "Under way");
    }

    static String summary(Case facts) {
        String began = "On %s an incident was opened for the service %s%s."
                .formatted(
                        Words.moment(facts.incident().openedAt()),
                        Optional.ofNullable(facts.incident().service()).orElse("(unknown)"),
                        Optional.ofNullable(facts.incident().cause())
                                .map(cause -> "; the cause found: " + Words.plain(cause))
                                .orElse(""));
        return began + " " + end(facts);
    }

    private static String end(Case facts) {
        return switch (facts.outcome()) {
            case "proven" -> proven(facts);
            case "failed-over" -> failedOver(facts);
            case "primary-alive" -> "The witnesses found that the primary works, so no standby took over; nothing was changed.";
            case "mended" -> "People mended the damage by hand; nothing was restored.";
            case "nothing" -> "The evidence showed no damage; nothing was changed.";
            case "rejected" -> "The restore was not approved; nothing was changed.";
            case "stopped" -> "The recovery was stopped; everything is as it was when the incident was opened.";
            case "undone" -> "The recovery was undone: the data from before it is back in use, and the restored copy is"
                    + " kept aside.";
            case "" -> open(facts);
            default -> "It ended with the outcome %s.".formatted(facts.outcome());
        };
    }

    private static String proven(Case facts) {
        String names = Words.and(facts.copies().stream()
                .flatMap(copy -> copy.at("name").text().stream())
                .toList());
        String back = facts.variable("loss", "rtoSeconds").number()
                .map(seconds -> " The service was back after " + Words.duration(seconds) + ".")
                .orElse("");
        return "Restored from backup: %s; every table and file matched what was recorded where it came from.%s"
                .formatted(names.isEmpty() ? "the data" : names, back);
    }

    private static String failedOver(Case facts) {
        return "%s became the primary in place of %s and takes writes; %s.%s".formatted(
                facts.variable("failover", "to").text().orElse("A standby"),
                facts.variable("failover", "from").text().orElse("the old one"),
                facts.variable("failover", "text").text().orElse("what is missing could not be told"),
                facts.variable("redundancy").items().stream()
                        .flatMap(node -> node.at("text").text().stream())
                        .map(text -> " " + Words.capital(text) + ".")
                        .collect(Collectors.joining()));
    }

    private static String open(Case facts) {
        List<String> active = facts.active().stream().map(Step::name).distinct().toList();
        if (!active.isEmpty()) {
            return "The recovery is under way; it is at: " + Words.and(active) + ".";
        }
        return facts.incident().state().equals("closed")
                ? "The recovery ended early, before anything took the place of the damaged data."
                : "The recovery is not finished.";
    }

    static Optional<Section> facts(Case facts) {
        Incident incident = facts.incident();
        List<Fact> list = new ArrayList<>();
        list.add(new Fact("Report", incident.incident()));
        add(list, "Service", incident.service());
        facts.variable("planDigest").text().ifPresent(digest -> add(list, "Plan digest", digest));
        add(list, "Opened", Words.moment(incident.openedAt()));
        add(list, "Closed", incident.closedAt() == null ? "still open" : Words.moment(incident.closedAt()));
        add(list, "Requested by", incident.requestedBy());
        facts.variable("requestReason").text().ifPresent(reason -> add(list, "Why", reason));
        facts.variable("closeReason").text().ifPresent(reason -> add(list, "Closed because", reason));
        add(list, "Cause", incident.cause() == null ? null : Words.plain(incident.cause()));
        facts.variable("diagnosis", "explanation").text().ifPresent(text -> add(list, "Diagnosis", text));
        add(list, "Strategy", incident.strategy() == null ? null : Words.plain(incident.strategy()));
        facts.variable("approvedBy").text().ifPresent(name -> list.add(approval(facts, name)));
        add(list, "Recovery run", String.valueOf(incident.run()));
        add(list, "Written", Words.moment(facts.writtenAt()));
        return Optional.of(new Section("Overview", List.of(new Document.Facts(list))));
    }

    /** The process keeps who answered last under one name, whatever the answer was. */
    private static Fact approval(Case facts, String last) {
        if (!facts.variable("approvalDecision").text().orElse("").equals("approve")) {
            return new Fact("Not approved by", last);
        }
        List<String> all = facts.variable("approvals").lines();
        return new Fact("Approved by", all.isEmpty() ? last : Words.and(all));
    }

    private static void add(List<Fact> list, String label, @Nullable String value) {
        if (value != null) {
            list.add(new Fact(label, value));
        }
    }
}
