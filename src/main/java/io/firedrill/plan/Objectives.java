package io.firedrill.plan;

import java.time.Duration;

/**
 * @param rpo recovery point objective: how much time's worth of data may be lost; default 24h
 * @param rto recovery time objective: how long the service may be away; default 4h
 */
public record Objectives(Duration rpo, Duration rto) {}
