package io.firedrill.runbook;

import io.firedrill.drill.DrillResult;
import io.firedrill.drill.Drills;
import io.firedrill.failure.Failure;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.RestorePlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Process {@code drill}: a recovery rehearsed on a scratch server by the processes a real one uses. */
@Process("drill")
public final class Drill {
    private final RecoveryPlan plan;
    private final Drills drills;
    private final Clock clock;

    public Drill(RecoveryPlan plan, Drills drills, Clock clock) {
        this.plan = plan;
        this.drills = drills;
        this.clock = clock;
    }

    public record Asked(String service, String requestedBy, String trigger) {}

    public record Opened(
            String drill,
            Instant openedAt,
            String escalateAfter,
            DisasterRecovery.Targets objectives,
            String planDigest,
            String summary) {}

    public Opened openDrill(Asked asked) {
        var service = plan.service(asked.service());
        Instant now = clock.instant();
        String drill = IncidentId.ofDrill(asked.service(), now);
        return new Opened(
                drill,
                now,
                service.approvals().escalateAfter().toString(),
                new DisasterRecovery.Targets(
                        service.objectives().rpo().toSeconds(), service.objectives().rto().toSeconds()),
                plan.digest(),
                "%s opened by %s".formatted(drill, asked.requestedBy()));
    }

    public record Of(String service, String drill) {}

    public record Prepared(RestorePlan restorePlan, String summary) {}

    public Prepared prepareDrill(Of of, StepContext context) {
        RestorePlan chosen = drills.prepare(of.service(), of.drill(), context.run(), context.progress());
        return new Prepared(chosen, Sentences.selected(chosen));
    }

    public record Rehearsed(
            String service,
            Instant openedAt,
            RestorePlan restorePlan,
            List<RestoreResult> restoredDatabases,
            List<RestoreResult> restoredFiles) {}

    public record Scored(Drills.Score score, String summary) {}

    public Scored scoreDrill(Rehearsed done) {
        boolean proven = Stream.concat(done.restoredDatabases().stream(), done.restoredFiles().stream())
                .allMatch(RestoreResult::proven);
        Drills.Score score = drills.score(
                done.service(), done.restorePlan(), proven, plan.service(done.service()).objectives(), done.openedAt(),
                clock.instant());
        return new Scored(score, Sentences.scored(score));
    }

    public Done tearDownDrill(Of of) {
        return new Done(drills.tearDown(of.service(), of.drill())
                ? "the scratch server is stopped and removed with all that was restored"
                : "there is nothing of this drill");
    }

    public record Ended(
            String service,
            String drill,
            @Nullable RestorePlan restorePlan,
            @Nullable List<@Nullable RestoreResult> restoredDatabases,
            @Nullable List<@Nullable RestoreResult> restoredFiles,
            Drills.@Nullable Score score,
            @Nullable Failure failure) {}

    public record Written(DrillResult drillResult, String evidencePath, String summary) {}

    public Written writeEvidence(Ended ended, StepContext context) {
        List<RestoreResult> restored = Stream.of(ended.restoredDatabases(), ended.restoredFiles())
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .filter(Objects::nonNull)
                .toList();
        DrillResult result = DrillResult.of(
                ended.score(),
                restored.stream().map(RestoreResult::backup).toList(),
                restored.stream().mapToLong(RestoreResult::tables).sum(),
                restored.stream().mapToLong(RestoreResult::files).sum(),
                failure(ended, restored));
        Path pack = drills.writeEvidence(context.run(), ended.drill(), ended.service(), ended.restorePlan(), result);
        return new Written(result, pack.toString(), Sentences.drilled(result));
    }

    private static @Nullable Failure failure(Ended ended, List<RestoreResult> restored) {
        return ended.failure() != null
                ? ended.failure()
                : restored.stream()
                        .filter(result -> !result.proven())
                        .findFirst()
                        .map(Drill::notProven)
                        .orElse(null);
    }

    private static Failure notProven(RestoreResult result) {
        return result.failure() != null
                ? result.failure()
                : new Failure(
                        "not-proven",
                        "%s, restored from %s, differs from what the backup recorded: %s".formatted(
                                result.name(), result.backup(), String.join("; ", result.differences().stream().limit(3).toList())),
                        "A real recovery from this backup would not have been proven either; the service is not touched.",
                        "Take a new backup and drill again; see whether the difference is there again.");
    }
}
