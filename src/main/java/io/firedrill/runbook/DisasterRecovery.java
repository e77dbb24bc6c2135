package io.firedrill.runbook;

import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.Scope;
import io.firedrill.recovery.SelectRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Process {@code disaster-recovery}, in its order; {@code undo-recovery} shares the steps from fence to check. */
@Process({"disaster-recovery", "undo-recovery"})
public final class DisasterRecovery {
    private final RecoveryPlan plan;
    private final Diagnosis diagnosis;
    private final Recovery recovery;
    private final Clock clock;

    public DisasterRecovery(RecoveryPlan plan, Diagnosis diagnosis, Recovery recovery, Clock clock) {
        this.plan = plan;
        this.diagnosis = diagnosis;
        this.recovery = recovery;
        this.clock = clock;
    }

    public record Alarm(String service, String requestedBy, @Nullable String requestReason) {}

    public record Opened(
            String incident,
            Instant openedAt,
            boolean fourEyes,
            int approvers,
            String escalateAfter,
            String expireAfter,
            Targets objectives,
            String planDigest,
            String summary) {}

    /** Objectives in whole seconds. */
    public record Targets(long rpoSeconds, long rtoSeconds) {}

    public Opened openIncident(Alarm alarm) {
        var service = plan.service(alarm.service());
        Approvals approvals = service.approvals();
        Instant now = clock.instant();
        String incident = IncidentId.of(alarm.service(), now);
        return new Opened(
                incident,
                now,
                approvals.fourEyes(),
                approvals.approvers(),
                approvals.escalateAfter().toString(),
                approvals.expireAfter().toString(),
                new Targets(
                        service.objectives().rpo().toSeconds(),
                        service.objectives().rto().toSeconds()),
                plan.digest(),
                "%s opened by %s".formatted(incident, alarm.requestedBy()));
    }

    public record Of(String service) {}

    public record Collected(Evidence evidence, String summary) {}

    public Collected collectEvidence(Of of, StepContext context) {
        Evidence evidence = diagnosis.collect(of.service(), context.progress());
        return new Collected(evidence, Sentences.found(evidence));
    }

    public record Wish(
            String service,
            String incident,
            Evidence evidence,
            String strategy,
            @Nullable String damageBegan,
            @Nullable String restoreTo,
            @Nullable List<String> only,
            @Nullable List<String> failedBackups) {}

    public record Selected(RestorePlan restorePlan, List<String> failedBackups, String summary) {}

    public Selected selectBackup(Wish wish) {
        Scope scope = Scope.of(plan.service(wish.service()), wish.strategy(), wish.only(), wish.evidence());
        List<String> failed = wish.failedBackups() == null ? List.of() : wish.failedBackups();
        RestorePlan chosen = recovery.select(new SelectRequest(
                wish.service(),
                wish.incident(),
                scope.databases(),
                scope.fileSets(),
                wish.restoreTo() == null ? "latest" : wish.restoreTo(),
                Moments.parse("damageBegan", wish.damageBegan()),
                failed,
                wish.evidence()));
        return new Selected(chosen, failed, Sentences.selected(chosen));
    }

    public record Planned(String service, String incident, RestorePlan restorePlan) {}

    public record Fenced(Instant fencedAt, String summary) {}

    public Fenced fenceService(Planned planned) {
        Recovery.Fenced fenced = recovery.fence(planned.service(), planned.incident(), planned.restorePlan());
        return new Fenced(fenced.fencedAt(), Sentences.fenced(fenced));
    }

    public record CutOver(Recovery.CutOver cutOver, String summary) {}

    public CutOver cutOver(Planned planned) {
        Recovery.CutOver done = recovery.cutOver(planned.service(), planned.incident(), planned.restorePlan());
        return new CutOver(done, Sentences.cutOver(done));
    }

    public CutOver swapBack(Planned planned) {
        Recovery.CutOver done = recovery.swapBack(planned.service(), planned.incident(), planned.restorePlan());
        return new CutOver(done, Sentences.swappedBack(done));
    }

    public Done discardRestored(Planned planned) {
        recovery.discard(planned.service(), planned.incident(), planned.restorePlan());
        return new Done("what was restored beside the damage is removed; the damaged original is as it was");
    }

    public record BehindFence(Health behindFence, String summary) {}

    public BehindFence checkBehindFence(Of of) {
        Health health = Health.of(recovery.check(of.service(), true));
        return new BehindFence(health, health.sentence());
    }

    public record Unfenced(Instant unfencedAt, String summary) {}

    public Unfenced unfenceService(Planned planned) {
        Instant at = recovery.unfence(planned.service(), planned.incident(), planned.restorePlan());
        return new Unfenced(at, "sessions are let in again");
    }

    public record Checked(Health serviceCheck, String summary) {}

    public Checked checkService(Of of) {
        Health health = Health.of(recovery.check(of.service(), false));
        return new Checked(health, health.sentence());
    }

    public record Ended(
            String service, String incident, RestorePlan restorePlan, Instant openedAt, Instant fencedAt, Instant unfencedAt) {}

    /**
     * @param lostSeconds the recovery point really reached: from the oldest snapshot restored to the moment of fencing
     * @param lostRows rows written in between that are only in what was set aside
     */
    public record Loss(long lostSeconds, long lostRows, long rtoSeconds, List<Recovery.LostRows> tables) {}

    public record Measured(Loss loss, String summary) {}

    public Measured measureLoss(Ended ended) {
        List<Recovery.LostRows> tables = recovery.measureLoss(ended.service(), ended.restorePlan());
        Loss loss = new Loss(
                ended.restorePlan()
                        .oldestSnapshot()
                        .map(from -> Duration.between(from, ended.fencedAt()).toSeconds())
                        .orElse(0L),
                tables.stream().mapToLong(Recovery.LostRows::rows).sum(),
                Duration.between(ended.openedAt(), ended.unfencedAt()).toSeconds(),
                tables);
        return new Measured(loss, Sentences.lost(loss));
    }
}
