package io.firedrill.notification;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people are told.
 *
 * @param id the same whenever it is sent again
 * @param about what it is about, so that what belongs together is told from the rest: an incident, a service, an alarm
 * @param incident its page is linked, unless there is a run
 * @param run its page is linked
 */
public record Message(
        String id, Instant at, String text, Level level, String about, @Nullable String incident, @Nullable String run) {

    /** How much it matters. */
    public enum Level {
        /** Somebody should look now. */
        TROUBLE,
        /** Good to know. */
        NEWS,
        /** What was told as trouble is over. */
        WELL
    }

    public static Message of(Level level, String text, String about, @Nullable String incident, @Nullable String run) {
        return new Message(UUID.randomUUID().toString(), Instant.now(), text, level, about, incident, run);
    }

    static Message trouble(String text) {
        return of(Level.TROUBLE, text, text, null, null);
    }
}
