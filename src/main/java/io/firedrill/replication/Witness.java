package io.firedrill.replication;

/**
 * What one place says about the primary.
 *
 * @param says {@code gone}, {@code alive}, or {@code unknown} when it cannot tell
 */
public record Witness(String who, String says, String text) {
    static Witness gone(String who, String text) {
        return new Witness(who, "gone", text);
    }

    static Witness alive(String who, String text) {
        return new Witness(who, "alive", text);
    }

    static Witness unknown(String who, String text) {
        return new Witness(who, "unknown", text);
    }
}
