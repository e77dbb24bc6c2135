package io.firedrill.plan;

import java.time.YearMonth;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Checks the schedules of backups: cron with six fields, as the engine's timers take them, which is what Spring takes.
 * What would never come round is refused too: the engine takes such a timer to be due at once, again and again.
 */
final class Cron {
    static final String ACCEPTED =
            "Write six fields, second minute hour day-of-month month day-of-week, e.g. \"0 0 2 * * *\" for every day"
                    + " at 02:00.";

    private static final CronField[] FIELDS = CronField.values();
    private static final int LEAP_YEAR = 2028;

    private Cron() {}

    /** What is wrong with it, to follow "The schedule … "; nothing when it is good. */
    static Optional<String> problem(String cron) {
        String[] fields = cron.split(" ");
        if (fields.length != FIELDS.length) {
            return Optional.of(
                    fields.length == 5
                            ? "has 5 fields: the seconds are missing in front"
                            : "has %d field%s".formatted(fields.length, fields.length == 1 ? "" : "s"));
        }
        try {
            check(fields);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void check(String[] fields) {
        String dayOfMonth = fields[CronField.DAY_OF_MONTH.ordinal()];
        String dayOfWeek = fields[CronField.DAY_OF_WEEK.ordinal()];
        plain(CronField.SECOND, fields);
        plain(CronField.MINUTE, fields);
        plain(CronField.HOUR, fields);
        SortedSet<Integer> months = plain(CronField.MONTH, fields);
        if (dayOfMonth.equals("?") && dayOfWeek.equals("?")) {
            throw new IllegalArgumentException("never comes: both days are '?'");
        }
        if (anyDay(dayOfMonth)) {
            checkDaysOfWeek(dayOfWeek);
        } else if (anyDay(dayOfWeek)) {
            checkDaysOfMonth(dayOfMonth, months);
        } else if (special(dayOfMonth) || special(dayOfWeek)) {
            // Both fields must hold: 15W with SUN, or 1 with MON#2, would never come.
            throw new IllegalArgumentException("uses L, W or # in one day field, so the other must be '*'");
        } else {
            checkDaysOfMonth(dayOfMonth, months);
            checkDaysOfWeek(dayOfWeek);
        }
    }

    private static SortedSet<Integer> plain(CronField field, String[] fields) {
        SortedSet<Integer> values = new TreeSet<>();
        items(fields[field.ordinal()]).forEach(item -> values.addAll(field.values(item)));
        return values;
    }

    private static void checkDaysOfWeek(String text) {
        if (text.equals("?")) {
            return;
        }
        for (String item : items(text)) {
            if (item.matches("(?i)\\w+(L|#[1-5])")) {
                CronField.DAY_OF_WEEK.value(item.replaceAll("(?i)(L|#[1-5])$", ""), false);
            } else {
                CronField.DAY_OF_WEEK.values(item);
            }
        }
    }

    private static void checkDaysOfMonth(String text, SortedSet<Integer> months) {
        int longest = months.stream()
                .mapToInt(month -> YearMonth.of(LEAP_YEAR, month).lengthOfMonth())
                .max()
                .orElseThrow();
        for (String item : items(text)) {
            int first = firstDay(item);
            if (first > longest) {
                throw new IllegalArgumentException("never comes: no such month has a day %s".formatted(item));
            }
        }
    }

    /** The length that a month needs for the item to name a day of it. */
    private static int firstDay(String item) {
        if (item.equals("L") || item.equals("LW")) {
            return 1;
        }
        if (item.matches("L-\\d{1,2}")) {
            return CronField.DAY_OF_MONTH.value(item.substring(2), false) + 1;
        }
        return item.matches("\\d{1,2}W")
                ? CronField.DAY_OF_MONTH.value(item.substring(0, item.length() - 1), false)
                : CronField.DAY_OF_MONTH.values(item).first();
    }

    private static boolean anyDay(String text) {
        return text.equals("*") || text.equals("?");
    }

    /** Whether a day field has L, W or #; the W of WED is none. */
    private static boolean special(String text) {
        return text.toUpperCase(Locale.ROOT).replace("WED", "").matches(".*[LW#].*");
    }

    private static Iterable<String> items(String field) {
        return Arrays.asList(field.split(",", -1));
    }
}
