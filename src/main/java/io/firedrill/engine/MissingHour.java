package io.firedrill.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Start times that a clock set forward takes away: where it goes from 02:00 to 03:00, nothing is ever due at 02:30, and
 * the engine's timer waits for the next day. For these the moment of the change is a start time of its own.
 */
final class MissingHour {
    /** As far ahead as timers are made; each start of a server looks ahead anew. */
    private static final int YEARS_AHEAD = 3;

    private MissingHour() {}

    /** Moments after {@code now} at which a run has to be made up for; in order. */
    static List<OffsetDateTime> madeUpFor(String cron, ZoneId zone, Instant now) {
        CronExpression schedule = CronExpression.parse(cron);
        Instant end = now.plus(Duration.ofDays(366L * YEARS_AHEAD));
        List<OffsetDateTime> moments = new ArrayList<>();
        @Nullable ZoneOffsetTransition change = zone.getRules().nextTransition(now);
        while (change != null && change.getInstant().isBefore(end)) {
            if (change.isGap() && takesAway(schedule, change)) {
                moments.add(change.getDateTimeAfter().atOffset(change.getOffsetAfter()));
            }
            change = zone.getRules().nextTransition(change.getInstant());
        }
        return moments;
    }

    /** A schedule that starts something soon after the change anyway, as a quarter-hourly one does, misses nothing. */
    private static boolean takesAway(CronExpression schedule, ZoneOffsetTransition change) {
        LocalDateTime before = change.getDateTimeBefore();
        LocalDateTime after = change.getDateTimeAfter();
        LocalDateTime missed = schedule.next(before.minusSeconds(1));
        LocalDateTime next = schedule.next(after.minusSeconds(1));
        return missed != null
                && missed.isBefore(after)
                && (next == null || !next.isBefore(after.plus(change.getDuration())));
    }
}
