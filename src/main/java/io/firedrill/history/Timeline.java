package io.firedrill.history;

import java.time.Instant;

/**
 * How an incident went, in figures.
 *
 * @param steps how many were taken
 * @param peopleSeconds during which at least one user task was open; {@code machineSeconds} the rest
 */
public record Timeline(Instant from, Instant to, int steps, long peopleSeconds, long machineSeconds) {}
