package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Moments that people typed. */
final class Moments {
    private Moments() {}

    /** Null and blank mean: not known. */
    static @Nullable Instant parse(String field, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text.strip().replace(' ', 'T')).toInstant();
        } catch (DateTimeParseException e) {
            throw new Failure(
                            "bad-time",
                            "%s: '%s' is not a moment.".formatted(field, text),
                            "No backup was chosen; nothing was changed.",
                            "Write it with its time zone, for example 2026-11-23T08:45:00Z.")
                    .lasting(e);
        }
    }
}
