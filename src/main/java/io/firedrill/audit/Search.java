package io.firedrill.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for; null: whatever it is.
 *
 * @param action the whole action, or its beginning
 * @param peopleOnly leave the engine's records out
 * @param before only entries below this number, for the next page
 */
public record Search(
        @Nullable String who,
        @Nullable String incident,
        @Nullable String action,
        @Nullable String outcome,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable Long before,
        int limit,
        boolean peopleOnly) {

    /** The condition, its values added in order. */
    String where(List<Object> values) {
        StringBuilder where = new StringBuilder(peopleOnly ? "who <> 'engine'" : "true");
        equal(where, values, "who", who);
        equal(where, values, "incident", incident);
        equal(where, values, "outcome", outcome);
        if (action != null && !action.isBlank()) {
            where.append(" and starts_with(action, ?)");
            values.add(action.strip());
        }
        if (from != null) {
            where.append(" and at >= ?");
            values.add(from.atOffset(ZoneOffset.UTC));
        }
        if (to != null) {
            where.append(" and at < ?");
            values.add(to.atOffset(ZoneOffset.UTC));
        }
        if (before != null) {
            where.append(" and n < ?");
            values.add(before);
        }
        return where.toString();
    }

    private static void equal(StringBuilder where, List<Object> values, String column, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            where.append(" and ").append(column).append(" = ?");
            values.add(value.strip());
        }
    }
}
