package io.firedrill.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/** How long a schedule leaves between two starts. */
public final class ScheduleGap {
    /** Enough to see a week's rhythm. */
    private static final int STARTS = 16;

    private ScheduleGap() {}

    /** The longest time between two starts among the next ones. */
    public static Duration longest(String cron, ZoneId zone, Instant from) {
        CronExpression schedule = CronExpression.parse(cron);
        Duration longest = Duration.ZERO;
        @Nullable ZonedDateTime last = schedule.next(from.atZone(zone));
        for (int i = 0; i < STARTS && last != null; i++) {
            ZonedDateTime next = schedule.next(last);
            if (next == null) {
                return longest;
            }
            Duration gap = Duration.between(last, next);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
            last = next;
        }
        return longest;
    }
}
