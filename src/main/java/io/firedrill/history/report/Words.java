package io.firedrill.history.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Numbers, times and names as people read them. */
final class Words {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_AND_CLOCK =
            DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Words() {}

    static String moment(Instant time) {
        return MOMENT.format(time);
    }

    /** The time of day, with the day when it is another than {@code start}'s. */
    static String clock(Instant time, Instant start) {
        boolean sameDay = time.atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .equals(start.atOffset(ZoneOffset.UTC).toLocalDate());
        return (sameDay ? CLOCK : DAY_AND_CLOCK).format(time);
    }

    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds == 0) {
            return duration.toMillis() > 0 ? "< 1 s" : "0 s";
        }
        long days = seconds / 86_400;
        long hours = seconds / 3600 % 24;
        long minutes = seconds / 60 % 60;
        if (days > 0) {
            return two(days, "d", hours, "h");
        }
        if (hours > 0) {
            return two(hours, "h", minutes, "min");
        }
        return minutes > 0 ? two(minutes, "min", seconds % 60, "s") : seconds + " s";
    }

    static String duration(long seconds) {
        return duration(Duration.ofSeconds(seconds));
    }

    static String bytes(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1000 && unit < UNITS.length - 1) {
            size /= 1000;
            unit++;
        }
        return unit == 0 || size >= 100
                ? "%.0f %s".formatted(size, UNITS[unit])
                : String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 row}, {@code 12,345 rows}. */
    static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /** {@code deleted-rows} → {@code deleted rows}. */
    static String plain(String kebab) {
        return kebab.replace('-', ' ').replace('_', ' ');
    }

    static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** {@code a, b and c}. */
    static String and(List<String> names) {
        return names.size() < 2
                ? String.join("", names)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
