package io.firedrill.diagnosis.server;

import org.jspecify.annotations.Nullable;

/**
 * A sign that was seen.
 *
 * @param damage whether something is lost or does not work; else it is a warning
 * @param about what it is about: a server, table, file
 * @param next the exact next step, a whole sentence; null when a recovery is it
 */
public record Signal(Sign sign, boolean damage, String about, String text, @Nullable String next) {
    static Signal damage(Sign sign, String about, String text, @Nullable String next) {
        return new Signal(sign, true, about, text, next);
    }

    static Signal warning(Sign sign, String about, String text, @Nullable String next) {
        return new Signal(sign, false, about, text, next);
    }
}
