package io.firedrill.plan;

/**
 * Retention. A backup is kept when any rule keeps it: the newest of each of the last {@code days} days, {@code weeks}
 * weeks, {@code months} months, {@code years} years, or among the newest {@code atLeast}.
 *
 * @param atLeast never below 1
 */
public record Keep(int days, int weeks, int months, int years, int atLeast) {
    /** What a plan entry without {@code keep} gets. */
    public static final Keep DEFAULT = new Keep(7, 4, 0, 0, 2);

    public Keep {
        if (days < 0 || weeks < 0 || months < 0 || years < 0 || atLeast < 1) {
            throw new IllegalArgumentException("Retention never goes below one backup");
        }
    }
}
