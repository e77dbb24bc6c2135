package io.firedrill.history;

import java.time.Instant;

/**
 * A line of a step's log.
 *
 * @param mood {@code good}, {@code bad}, {@code open} (a person is asked) or {@code quiet}
 */
public record LogLine(Instant at, String mood, String text) {}
