package io.firedrill.runbook;

import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.RestorePlanText;
import io.firedrill.recovery.Scope;
import io.firedrill.recovery.SelectRequest;
import io.firedrill.recovery.surgical.PutBack;
import io.firedrill.recovery.surgical.TableChange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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
        Evidence evidence = recovery.weigh(of.service(), diagnosis.collect(of.service(), context.progress()));
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

    /** {@code strategy}: as wished, or {@code restore-tables} when only tables were named. */
    public record Selected(RestorePlan restorePlan, String planText, List<String> failedBackups, String strategy, String summary) {}

    public Selected selectBackup(Wish wish) {
        Scope scope = recovery.scope(wish.service(), wish.strategy(), wish.only(), wish.evidence());
        List<String> failed = wish.failedBackups() == null ? List.of() : wish.failedBackups();
        RestorePlan chosen = recovery.select(SelectRequest.of(
                scope,
                wish.service(),
                wish.incident(),
                wish.restoreTo() == null ? "latest" : wish.restoreTo(),
                Moments.parse("damageBegan", wish.damageBegan()),
                failed,
                wish.evidence()));
        return new Selected(chosen, RestorePlanText.markdown(chosen), failed, chosen.onlyTables() ? "restore-tables" : wish.strategy(),
                Sentences.selected(chosen));
    }

    public record ToCompare(String service, RestorePlan restorePlan, @Nullable List<@Nullable RestoreResult> scratchCopies) {}

    public record Compared(RestorePlan restorePlan, String planText, String summary) {}

    public Compared compareTables(ToCompare what, StepContext context) {
        RestoreResult.requireProven(what.scratchCopies(), what.restorePlan().tables().size());
        RestorePlan compared = recovery.compareTables(what.service(), what.restorePlan(), context.progress());
        return new Compared(compared, RestorePlanText.markdown(compared), Sentences.compared(compared));
    }

    public record Planned(String service, String incident, RestorePlan restorePlan) {}

    public record Fenced(Instant fencedAt, String summary) {}

    public Fenced fenceService(Planned planned) {
        Recovery.Fenced fenced = recovery.fence(planned.service(), planned.incident(), planned.restorePlan());
        return new Fenced(fenced.fencedAt(), Sentences.fenced(fenced, planned.restorePlan()));
    }

    /**
     * @param serverSwaps of the whole servers, done before
     * @param conflictDecision {@code take-backup}: rows that differ get the backup's version; anything else keeps the live ones
     * @param tableMode {@code whole-table}: tables become as the backup has them; anything else puts lost rows back
     */
    public record Approved(
            String service, String incident, RestorePlan restorePlan, @Nullable List<Recovery.ServerSwap> serverSwaps,
            @Nullable String conflictDecision, @Nullable String tableMode) {}

    public record CutOver(Recovery.CutOver cutOver, List<RestoreResult> restoredTables, String summary) {}

    public CutOver cutOver(Approved approved, StepContext context) {
        PutBack.Wish wish = new PutBack.Wish("take-backup".equals(approved.conflictDecision()), TableChange.WHOLE_TABLE.equals(approved.tableMode()));
        Recovery.CutOver done = with(approved.serverSwaps(),
                recovery.cutOver(approved.service(), approved.incident(), approved.restorePlan(), wish, context.progress()));
        return new CutOver(done, done.tables().stream().map(RestoreResult::of).toList(), Sentences.cutOver(done));
    }

    private static Recovery.CutOver with(@Nullable List<Recovery.ServerSwap> serverSwaps, Recovery.CutOver done) {
        return serverSwaps == null ? done : done.and(serverSwaps);
    }

    /** @param serverSwaps of the whole servers, done before */
    public record ToSwap(
            String service, String incident, RestorePlan restorePlan, @Nullable List<Recovery.ServerSwap> serverSwaps) {}

    public record SwappedBack(Recovery.CutOver cutOver, String summary) {}

    public SwappedBack swapBack(ToSwap swap) {
        Recovery.CutOver done = with(swap.serverSwaps(), recovery.swapBack(swap.service(), swap.incident(), swap.restorePlan()));
        return new SwappedBack(done, Sentences.swappedBack(done));
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
            String service,
            String incident,
            RestorePlan restorePlan,
            Instant openedAt,
            Instant fencedAt,
            Instant unfencedAt,
            @Nullable List<ServerResult> restoredServers) {}

    /**
     * @param lostSeconds the recovery point really reached: from the oldest moment that came back to the moment of fencing;
     *     0 for a server of which all WAL came back
     * @param lostRows rows written in between that are only in what was set aside; those of whole servers are not counted
     */
    public record Loss(long lostSeconds, long lostRows, long rtoSeconds, List<Recovery.LostRows> tables) {}

    public record Measured(Loss loss, String summary) {}

    public Measured measureLoss(Ended ended) {
        List<Recovery.LostRows> tables = recovery.measureLoss(ended.service(), ended.restorePlan());
        long ofServers = Stream.ofNullable(ended.restoredServers())
                .flatMap(List::stream)
                .mapToLong(server -> server.lostSeconds(ended.restorePlan(), ended.fencedAt()))
                .max()
                .orElse(0);
        Loss loss = new Loss(
                Math.max(ofServers, ended.restorePlan()
                        .oldestSnapshot()
                        .map(from -> Duration.between(from, ended.fencedAt()).toSeconds())
                        .orElse(0L)),
                tables.stream().mapToLong(Recovery.LostRows::rows).sum(),
                Duration.between(ended.openedAt(), ended.unfencedAt()).toSeconds(),
                tables);
        return new Measured(loss, Sentences.lost(loss, ended.restorePlan()));
    }
}
