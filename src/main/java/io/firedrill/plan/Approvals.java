package io.firedrill.plan;

import java.time.Duration;

/**
 * Who must agree before anything that changes the service.
 *
 * @param approvers how many different people; at least 1
 * @param fourEyes the person who asked for the recovery does not count as approver; default true
 * @param escalateAfter a task nobody completed is escalated, again and again at this interval; default 10m
 * @param expireAfter an approval nobody gave by then counts as refused: nothing is approved by silence; default 24h
 */
public record Approvals(int approvers, boolean fourEyes, Duration escalateAfter, Duration expireAfter) {
    public static final Approvals DEFAULT = new Approvals(1, true, Duration.ofMinutes(10), Duration.ofHours(24));

    public Approvals {
        if (approvers < 1 || !escalateAfter.isPositive() || !expireAfter.isPositive()) {
            throw new IllegalArgumentException("An approval needs a person and time");
        }
    }
}
