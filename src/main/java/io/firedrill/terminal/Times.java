package io.firedrill.terminal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as a person reads them: in their own time zone, and how long ago. */
public record Times(Clock clock) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    public static Times here() {
        return new Times(Clock.systemDefaultZone());
    }

    /** {@code 14:05:12} today, {@code 2026-11-22 14:05:12} on other days. */
    public String at(Instant instant) {
        ZonedDateTime local = instant.atZone(clock.getZone());
        boolean today = local.toLocalDate().equals(clock.instant().atZone(clock.getZone()).toLocalDate());
        return (today ? TIME : DAY).format(local);
    }

    /** {@code 14:05:12 (3 min ago)}. */
    public String atAndAgo(Instant instant) {
        return at(instant) + " (" + ago(instant) + ")";
    }

    /** {@code just now}, {@code 40 s ago}, {@code 3 min ago}, {@code 5 h ago}, {@code 2 d ago}; {@code in 3 min} for the future. */
    public String ago(Instant instant) {
        Duration since = Duration.between(instant, clock.instant());
        if (since.abs().toSeconds() < 3) {
            return "just now";
        }
        return since.isNegative() ? "in " + rough(since.negated()) : rough(since) + " ago";
    }

    /** {@code 40 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
    public static String rough(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        if (seconds < 48 * 3600) {
            return seconds / 3600 + " h";
        }
        return seconds / 86_400 + " d";
    }
}
