package io.firedrill.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the audit trail is anchored in the offsite stores.
 *
 * @param anchorEvery how often, when something has happened since
 * @param lockAnchors how long each anchor is locked, in stores that lock; empty: as long as the store locks everything
 * @param keyFile the Ed25519 key that signs them; empty: this server's own, made when it first starts
 */
public record AuditPlan(Duration anchorEvery, Optional<Duration> lockAnchors, Optional<Path> keyFile) {
    static final AuditPlan DEFAULT = new AuditPlan(Duration.ofHours(1), Optional.empty(), Optional.empty());
}
