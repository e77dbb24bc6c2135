package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.Service;
import java.time.Clock;

/** The replication of each service of the plan, by whichever manager it names. */
public final class Replications {
    private final RecoveryPlan plan;
    private final Clock clock;

    public Replications(RecoveryPlan plan, Clock clock) {
        this.plan = plan;
        this.clock = clock;
    }

    /** Lasting {@code no-replication} when the plan has none for it. */
    public Replication of(String service) {
        return switch (plan(service)) {
            case ReplicationPlan.Plain plain -> new PlainReplication(plain, clock);
            case ReplicationPlan.Patroni patroni -> new PatroniReplication(patroni, clock);
        };
    }

    public Clients clients(String service) {
        plan(service);
        return new Clients(plan.service(service), clock);
    }

    public ReplicationPlan plan(String name) {
        Service service = plan.service(name);
        return service.replication().orElseThrow(() -> new Failure(
                        "no-replication",
                        "The plan names no standbys of %s.".formatted(name),
                        "Nothing was started.",
                        "Add 'replication' to the service in the plan, with its manager and nodes.")
                .lasting());
    }
}
