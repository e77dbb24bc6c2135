package io.firedrill.plan;

import java.time.Duration;

/**
 * How backups that lie in the stores are read back again, so that rot is found before they are needed.
 *
 * @param schedule cron of six fields
 * @param every each copy is read back at least this often; those checked longest ago come first
 * @param within one run begins no further copy after this time; the rest is first in the next run
 */
public record Recheck(String schedule, Duration every, Duration within) {
    /** Sundays at six; each copy every thirty days; two hours. */
    public static final Recheck DEFAULT = new Recheck("0 0 6 * * SUN", Duration.ofDays(30), Duration.ofHours(2));

    public Recheck {
        if (!every.isPositive() || !within.isPositive()) {
            throw new IllegalArgumentException("A check needs time");
        }
    }
}
