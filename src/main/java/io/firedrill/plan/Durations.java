package io.firedrill.plan;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as people write them: {@code 15m}, {@code 1h30m}, {@code 7d}; ISO-8601 is read too. */
final class Durations {
    static final String ACCEPTED =
            "Write it as 30s, 15m, 2h, 7d, combined from large to small as 1h30m, or in ISO-8601 as PT15M; more than"
                    + " 0, at most 3650d.";

    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,9})d)?(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Durations() {}

    static Optional<Duration> parse(String text) {
        Matcher matcher = SHORT.matcher(text);
        try {
            Duration duration = matcher.matches() ? sum(matcher) : Duration.parse(text);
            boolean sensible = duration.isPositive() && duration.compareTo(LONGEST) <= 0;
            return sensible ? Optional.of(duration) : Optional.empty();
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Duration sum(Matcher matcher) {
        return Duration.ofDays(amount(matcher.group(1)))
                .plusHours(amount(matcher.group(2)))
                .plusMinutes(amount(matcher.group(3)))
                .plusSeconds(amount(matcher.group(4)));
    }

    private static long amount(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    /** The short form that {@link #parse} reads back to the same duration. */
    static String format(Duration duration) {
        if (duration.getNano() != 0) {
            return duration.toString();
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), 'd');
        append(text, duration.toHoursPart(), 'h');
        append(text, duration.toMinutesPart(), 'm');
        append(text, duration.toSecondsPart(), 's');
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, char unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }
}
