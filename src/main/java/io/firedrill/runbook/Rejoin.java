package io.firedrill.runbook;

import io.firedrill.plan.Approvals;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.replication.Need;
import io.firedrill.replication.NodeState;
import io.firedrill.replication.RejoinText;
import io.firedrill.replication.Replication;
import io.firedrill.replication.Replications;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Process {@code rejoin}: makes a server a standby, the first time or again. */
@Process("rejoin")
public final class Rejoin {
    private final RecoveryPlan plan;
    private final Replications replications;
    private final Clock clock;

    public Rejoin(RecoveryPlan plan, Replications replications, Clock clock) {
        this.plan = plan;
        this.replications = replications;
        this.clock = clock;
    }

    public record Wanted(String service, String toNode) {}

    /** @param needs what the primary is to be set to first; exactly this is approved and then done */
    public record RejoinPlan(String node, List<Need> needs) {}

    public record Opened(
            String incident,
            Instant openedAt,
            boolean fourEyes,
            int approvers,
            String escalateAfter,
            String expireAfter,
            RejoinPlan rejoinPlan,
            String approvalText,
            String summary) {}

    public Opened openRejoin(Wanted wanted) {
        Replication replication = replications.of(wanted.service());
        List<NodeState> states = replication.look();
        List<Need> needs = replication.needs(wanted.toNode());
        Approvals approvals = plan.service(wanted.service()).approvals();
        Instant now = clock.instant();
        return new Opened(
                IncidentId.ofReplication("REJOIN", wanted.service(), now),
                now,
                approvals.fourEyes(),
                approvals.approvers(),
                approvals.escalateAfter().toString(),
                approvals.expireAfter().toString(),
                new RejoinPlan(wanted.toNode(), needs),
                RejoinText.of(replications.plan(wanted.service()), wanted.toNode(), states, needs),
                needs.isEmpty()
                        ? "the primary has all that %s needs".formatted(wanted.toNode())
                        : needs.stream().map(Need::text).collect(Collectors.joining("; ")));
    }

    public record Preparing(String service, RejoinPlan rejoinPlan) {}

    public Done preparePrimary(Preparing preparing) {
        List<Need> needs = preparing.rejoinPlan().needs();
        replications.of(preparing.service()).prepare(needs);
        return new Done(needs.isEmpty()
                ? "nothing to set"
                : needs.stream().map(need -> "%s %s".formatted(need.kind(), need.kind().equals("hba") ? need.value() : need.name()))
                        .collect(Collectors.joining(", ", "set: ", "")));
    }

    public record Building(String service, String incident, RejoinPlan rejoinPlan) {}

    public record Built(List<Replication.Rebuilt> redundancy, String summary) {}

    public Built buildStandby(Building building, StepContext context) {
        Replication.Rebuilt built = replications.of(building.service())
                .rejoin(building.rejoinPlan().node(), building.incident(), context.progress());
        return new Built(List.of(built), built.text());
    }
}
