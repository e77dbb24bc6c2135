package io.firedrill.console.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A person who may sign in.
 *
 * @param name lower case; what decisions are recorded under and four eyes compares
 * @param ready whether the password is set
 * @param disabledAt since when they may not sign in, or null
 */
public record Account(
        String name, Set<Role> roles, boolean ready, String createdBy, Instant createdAt, @Nullable Instant disabledAt) {}
