package io.firedrill.console.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token for programs. It may what its role may, and acts in its owner's name, so that nobody is two people.
 *
 * @param lastUsedAt to the minute, or null
 * @param revokedAt since when it is worth nothing, or null
 */
public record ApiToken(
        String name,
        Role role,
        String owner,
        String createdBy,
        Instant createdAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt) {}
