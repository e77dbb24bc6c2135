package io.firedrill.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What leads people and programs to a service, to be held up while a recovery moves things.
 *
 * @param loadBalancer before its servers
 * @param pgbouncer before its databases
 */
public record TrafficPlan(Optional<LoadBalancer> loadBalancer, Optional<PgBouncer> pgbouncer) {
    public static final TrafficPlan NONE = new TrafficPlan(Optional.empty(), Optional.empty());

    /**
     * @param console its admin database {@code pgbouncer}, by a user of {@code admin_users}
     * @param databases its own names of the databases to pause, at least one
     * @param patience how long transactions may go on before their connections are cut
     */
    public record PgBouncer(Database console, List<String> databases, Duration patience) {
        public PgBouncer {
            databases = List.copyOf(databases);
        }
    }
}
