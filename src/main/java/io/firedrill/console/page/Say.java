package io.firedrill.console.page;

import io.firedrill.history.Run;
import io.firedrill.history.Step;
import io.firedrill.history.StepProgress;
import io.firedrill.tool.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Facts in the words and colours of the pages. Templates call it {@code say}. */
@Component
public final class Say {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Map<String, String> OUTCOMES = Map.ofEntries(
            Map.entry("proven", "Recovered and proven"),
            Map.entry("rejected", "Rejected, nothing changed"),
            Map.entry("stopped", "Stopped"),
            Map.entry("undone", "Undone"),
            Map.entry("nothing", "Nothing to recover"),
            Map.entry("mended", "Mended by hand"),
            Map.entry("done", "Done"),
            Map.entry("done-without-offsite", "Done, no offsite copy"),
            Map.entry("failed", "Failed"));

    private static final Map<String, String> STATES = Map.of(
            "running", "Running",
            "waiting", "Waits for a person",
            "stuck", "Stuck",
            "done", "Ended",
            "cancelled", "Cancelled",
            "active", "Running",
            "failed", "Failed");

    private final Clock clock;

    Say(Clock clock) {
        this.clock = clock;
    }

    /** {@code 2026-11-24 03:05:12}, UTC. */
    public String moment(Instant time) {
        return MOMENT.format(time);
    }

    /** {@code 03:05:12}, UTC. */
    public String time(Instant time) {
        return TIME.format(time);
    }

    /** {@code 40 s ago}, {@code 3 min ago}, {@code in 5 h}. */
    public String ago(Instant time) {
        Duration since = Duration.between(time, clock.instant());
        if (since.abs().toSeconds() < 3) {
            return "just now";
        }
        return since.isNegative() ? "in " + rough(since.negated()) : rough(since) + " ago";
    }

    private static String rough(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    /** From then to then, or to now. */
    public String lasted(Instant from, @Nullable Instant to) {
        return Words.of(Duration.between(from, to == null ? clock.instant() : to));
    }

    /** {@code 40 s}, {@code 2 min 5 s}. */
    public String seconds(double exact) {
        long seconds = Math.round(exact);
        return seconds < 60 ? seconds + " s" : Words.of(Duration.ofSeconds(seconds)).replaceAll(" 0 (s|min|h)$", "");
    }

    public String bytes(long bytes) {
        return Words.bytes(bytes);
    }

    /** {@code 1 row}, {@code 12,345 rows}. */
    public String count(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /** How a run stands, in a few words. */
    public String standing(Run run) {
        String outcome = run.outcome();
        if (run.process().equals("drill") && "proven".equals(outcome) && run.state().equals("done")) {
            return "Rehearsed and proven";
        }
        return run.state().equals("done") && outcome != null
                ? OUTCOMES.getOrDefault(outcome, outcome)
                : STATES.getOrDefault(run.state(), run.state());
    }

    /** The colour that goes with it: {@code good bad open busy quiet}. */
    public String mood(Run run) {
        return switch (run.state()) {
            case "stuck" -> "bad";
            case "waiting" -> "open";
            case "running" -> "busy";
            case "cancelled" -> "quiet";
            default -> switch (String.valueOf(run.outcome())) {
                case "failed" -> "bad";
                case "done-without-offsite" -> "open";
                case "rejected", "stopped", "undone", "nothing" -> "quiet";
                default -> "good";
            };
        };
    }

    public String standing(Step step) {
        if (step.byPeople() && step.state().equals("active")) {
            return "Waits for a person";
        }
        return step.state().equals("done") ? "Done" : STATES.getOrDefault(step.state(), step.state());
    }

    public String mood(Step step) {
        return switch (step.state()) {
            case "active" -> step.byPeople() ? "open" : "busy";
            case "failed" -> "bad";
            case "cancelled" -> "quiet";
            default -> "good";
        };
    }

    /** {@code pg_dump: 16.1 MiB of 53.6 MiB (30 %), 2.7 MiB/s, about 14 s left}. */
    public String progress(StepProgress at) {
        StringBuilder text = new StringBuilder(at.what());
        if (at.done() > 0 || at.total() > 0) {
            text.append(": ").append(amount(at.done(), at.unit()));
        }
        if (at.total() > 0) {
            text.append(" of %s (%d %%)".formatted(amount(at.total(), at.unit()), Math.min(100, at.done() * 100 / at.total())));
        }
        if (at.perSecond() >= 1) {
            text.append(", ").append(amount(Math.round(at.perSecond()), at.unit())).append("/s");
        }
        Long left = at.remainingSeconds();
        if (left != null) {
            text.append(", about ").append(seconds(left)).append(" left");
        }
        return text.toString();
    }

    private static String amount(long amount, String unit) {
        return unit.equals("bytes") ? Words.bytes(amount) : String.format(Locale.ROOT, "%,d %s", amount, unit);
    }

    /** {@code human-error} → {@code human error}; empty for null. */
    public String plain(@Nullable String word) {
        return word == null ? "" : word.replace('-', ' ');
    }
}
