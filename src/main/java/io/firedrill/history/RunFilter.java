package io.firedrill.history;

import org.jspecify.annotations.Nullable;

/**
 * Which runs to list.
 *
 * @param process a process' id, or null for all
 * @param service a service's name, or null for all
 * @param limit how many at most, at least 1
 */
public record RunFilter(@Nullable String process, @Nullable String service, int limit) {
    public static final int DEFAULT_LIMIT = 50;

    public RunFilter {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, is " + limit);
        }
    }

    public static RunFilter all() {
        return new RunFilter(null, null, DEFAULT_LIMIT);
    }
}
