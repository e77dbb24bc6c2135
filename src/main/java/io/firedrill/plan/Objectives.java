package io.firedrill.plan;

import java.time.Duration;

/**
 * @param rpo recovery point objective: how much time's worth of data may be lost; default 24h
 * @param rto recovery time objective: how long the service may be away; default 4h
 */
public record Objectives(Duration rpo, Duration rto) {
    public static final Objectives DEFAULT = new Objectives(Duration.ofHours(24), Duration.ofHours(4));

    public Objectives {
        if (!rpo.isPositive() || !rto.isPositive()) {
            throw new IllegalArgumentException("Objectives must be longer than nothing");
        }
    }
}
