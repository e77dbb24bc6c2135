package io.firedrill.plan;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One field of a cron expression. */
enum CronField {
    SECOND("second", 0, 59, List.of()),
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    /** Sunday is 0 and 7. */
    DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private static final Pattern ITEM = Pattern.compile("(?:(\\*)|(\\w+)(?:-(\\w+))?)(?:/(\\d{1,4}))?");

    private final String title;
    private final int least;
    private final int most;
    private final List<String> names;

    CronField(String title, int least, int most, List<String> names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /**
     * The values that one of the field's comma-separated items means: {@code *}, {@code 5}, {@code 1-5}, {@code MON},
     * {@code 0/15}.
     *
     * @throws IllegalArgumentException saying what is wrong, to follow "The schedule … "
     */
    SortedSet<Integer> values(String item) {
        Matcher matcher = ITEM.matcher(item);
        if (!matcher.matches()) {
            throw refused("cannot be '%s'".formatted(item));
        }
        int step = matcher.group(4) == null ? 1 : Integer.parseInt(matcher.group(4));
        if (step < 1 || step > most) {
            throw refused("cannot go in steps of %d".formatted(step));
        }
        int from = matcher.group(1) != null ? least : value(matcher.group(2), false);
        int to = from;
        if (matcher.group(3) != null) {
            to = value(matcher.group(3), true);
        } else if (matcher.group(1) != null || matcher.group(4) != null) {
            to = most;
        }
        if (to < from) {
            throw refused("cannot run backwards, from %s to %s".formatted(matcher.group(2), matcher.group(3)));
        }
        SortedSet<Integer> values = new TreeSet<>();
        for (int value = from; value <= to; value += step) {
            values.add(value);
        }
        return values;
    }

    /** @param asEnd of a range, where Sunday closes the week */
    int value(String text, boolean asEnd) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (named >= 0) {
            return this == DAY_OF_WEEK && named == 0 && asEnd ? most : named + (this == MONTH ? 1 : 0);
        }
        int number = text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw refused("cannot be '%s': it goes from %d to %d%s"
                    .formatted(
                            text,
                            least,
                            most,
                            names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast()));
        }
        return number;
    }

    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("is wrong: the %s %s".formatted(title, why));
    }
}
