package io.firedrill.runbook;

import io.firedrill.plan.Approvals;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.replication.FailoverText;
import io.firedrill.replication.Replication;
import io.firedrill.replication.Replications;
import io.firedrill.replication.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Process {@code failover}, in its order. */
@Process({"failover", "switchover"})
public final class Failover {
    private final RecoveryPlan plan;
    private final Replications replications;
    private final Clock clock;

    public Failover(RecoveryPlan plan, Replications replications, Clock clock) {
        this.plan = plan;
        this.replications = replications;
        this.clock = clock;
    }

    public record Wanted(String service, @Nullable String incident, @Nullable Instant openedAt) {}

    public record Opened(
            String incident,
            Instant openedAt,
            boolean fourEyes,
            int approvers,
            String escalateAfter,
            String expireAfter,
            String planDigest,
            String summary) {}

    public Opened openFailover(Wanted wanted) {
        ReplicationPlan replication = replications.plan(wanted.service());
        Approvals approvals = plan.service(wanted.service()).approvals();
        Instant at = wanted.openedAt() == null ? clock.instant() : wanted.openedAt();
        String incident = wanted.incident() == null ? IncidentId.ofReplication("FAILOVER", wanted.service(), at) : wanted.incident();
        return new Opened(
                incident,
                at,
                approvals.fourEyes(),
                approvals.approvers(),
                approvals.escalateAfter().toString(),
                approvals.expireAfter().toString(),
                plan.digest(),
                "%s, replication by %s".formatted(incident, replication.manager()));
    }

    public record Question(String service, @Nullable String cause, @Nullable String toNode) {}

    /** @param mayAct whether no approval is needed: the plan says so for this cause, or the manager has promoted already */
    public record Witnessed(Verdict verdict, boolean mayAct, String approvalText, String summary) {}

    public Witnessed witnessPrimary(Question question) {
        ReplicationPlan replication = replications.plan(question.service());
        Verdict verdict = replications.of(question.service()).witness(question.toNode());
        String cause = question.cause() == null ? verdict.cause() : question.cause();
        boolean may = verdict.promoted() != null || replication.policy().withoutApproval().contains(cause);
        return new Witnessed(verdict, may, FailoverText.of(replication, verdict), verdict.text());
    }

    public record Gone(String service, Verdict verdict, @Nullable String fencedByHand) {}

    public record Fenced(Replication.@Nullable Fenced fenced, String summary) {}

    public Fenced fencePrimary(Gone gone) {
        String primary = gone.verdict().primary();
        if (primary == null) {
            return new Fenced(null, "which node was the primary before is not known; there is nothing to fence");
        }
        Replication.Fenced fenced = replications.of(gone.service()).fence(primary, gone.fencedByHand());
        return new Fenced(fenced, fenced.how());
    }

    public record Choice(String service, Verdict verdict, @Nullable String toNode) {}

    public record Promoted(Replication.Promoted promoted, String summary) {}

    public Promoted promoteStandby(Choice choice) {
        Replication.Promoted promoted = replications.of(choice.service()).promote(choice.verdict().primary(), choice.toNode());
        return new Promoted(promoted, "%s (%s) is the primary, timeline %d from %s on".formatted(
                promoted.node(), promoted.address(), promoted.timeline(), promoted.lsn()));
    }

    public record Lead(String service, Replication.Promoted promoted) {}

    public Done repointClients(Lead lead) {
        return new Done(replications.clients(lead.service()).repoint(lead.promoted()));
    }

    public record Proving(String service, Instant openedAt, @Nullable Verdict verdict, Replication.Promoted promoted) {}

    /**
     * @param lostTransactions committed on the old primary and not on the new; null when that cannot be told
     * @param lostWalBytes likewise
     * @param exact whether the two were counted, or are zero for sure
     * @param lostSeconds when not exact, at most that
     * @param rtoSeconds from the opening to the proven write
     */
    public record Result(
            @Nullable String from,
            String to,
            String address,
            long timeline,
            boolean proven,
            @Nullable Long lostTransactions,
            @Nullable Long lostWalBytes,
            boolean exact,
            double lostSeconds,
            double rtoSeconds,
            Instant provenAt,
            String text) {}

    public record Proven(Result failover, DisasterRecovery.Loss loss, String summary) {}

    public Proven proveWrites(Proving proving) {
        String written = replications.clients(proving.service()).proveWrites();
        Verdict verdict = proving.verdict();
        String from = verdict == null ? null : verdict.primary();
        Replication.Promoted to = proving.promoted();
        Replication.Loss loss = replications.of(proving.service()).loss(from, to, verdict == null ? null : verdict.lastAlive());
        Instant provenAt = clock.instant();
        double rto = Duration.between(proving.openedAt(), provenAt).toMillis() / 1000.0;
        Result result = new Result(
                from, to.node(), to.address(), to.timeline(), true, loss.transactions(), loss.walBytes(), loss.exact(), loss.seconds(), rto,
                provenAt, loss.text());
        long lost = (long) Math.ceil(loss.seconds());
        return new Proven(result, new DisasterRecovery.Loss(lost, 0, Math.round(rto), List.of()), "%s; %s".formatted(written, loss.text()));
    }

    public record Of(String service, String incident) {}

    public record Redundancy(List<Replication.Rebuilt> redundancy, String summary) {}

    public Redundancy rebuildRedundancy(Of of, StepContext context) {
        List<Replication.Rebuilt> rebuilt = replications.of(of.service()).rebuild(of.incident(), context.progress());
        return new Redundancy(
                rebuilt, rebuilt.stream().map(Replication.Rebuilt::text).collect(Collectors.joining("; ")));
    }
}
