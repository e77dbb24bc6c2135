package io.firedrill.history;

import org.jspecify.annotations.Nullable;

/**
 * How far an active step is.
 *
 * @param total 0 when unknown; {@code unit} is {@code bytes}, {@code rows}, {@code files}
 * @param perSecond in {@code unit}; 0 while it cannot be told
 */
public record StepProgress(String what, long done, long total, String unit, double perSecond) {
    /** At this pace; null when it cannot be told. */
    public @Nullable Long remainingSeconds() {
        return total > done && perSecond > 0 ? (Long) Math.round((total - done) / perSecond) : null;
    }
}
