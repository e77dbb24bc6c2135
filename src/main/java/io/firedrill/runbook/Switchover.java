package io.firedrill.runbook;

import io.firedrill.plan.Approvals;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.replication.NodeState;
import io.firedrill.replication.Replication;
import io.firedrill.replication.Replications;
import io.firedrill.replication.SwitchoverText;
import io.firedrill.replication.Verdict;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** Process {@code switchover}; leading clients, proving and rebuilding are {@link Failover}'s steps. */
@Process("switchover")
public final class Switchover {
    private final RecoveryPlan plan;
    private final Replications replications;
    private final Clock clock;

    public Switchover(RecoveryPlan plan, Replications replications, Clock clock) {
        this.plan = plan;
        this.replications = replications;
        this.clock = clock;
    }

    public record Wanted(String service, String toNode) {}

    /** {@code verdict}: nobody is gone, the old primary hands over. */
    public record Opened(
            String incident,
            Instant openedAt,
            boolean fourEyes,
            int approvers,
            String escalateAfter,
            String expireAfter,
            Verdict verdict,
            String approvalText,
            String summary) {}

    public Opened openSwitchover(Wanted wanted) {
        List<NodeState> states = replications.of(wanted.service()).look();
        Approvals approvals = plan.service(wanted.service()).approvals();
        Instant now = clock.instant();
        return new Opened(
                IncidentId.ofReplication("SWITCHOVER", wanted.service(), now),
                now,
                approvals.fourEyes(),
                approvals.approvers(),
                approvals.escalateAfter().toString(),
                approvals.expireAfter().toString(),
                Verdict.handingOver(states, now),
                SwitchoverText.of(replications.plan(wanted.service()), wanted.toNode(), states),
                SwitchoverText.summary(wanted.toNode(), states));
    }

    public record Over(String service, String toNode) {}

    public record SwitchedOver(Replication.Promoted promoted, String summary) {}

    public SwitchedOver switchOver(Over over) {
        Replication.Promoted promoted = replications.of(over.service()).switchOver(over.toNode());
        return new SwitchedOver(promoted, "%s (%s) has everything and is the primary, timeline %d".formatted(
                promoted.node(), promoted.address(), promoted.timeline()));
    }
}
