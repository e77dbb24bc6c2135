package io.firedrill.runbook;

import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;

/** Process {@code restore-database}: restore beside the damage, prove. */
@Process("restore-database")
public final class RestoreDatabase {
    private final Recovery recovery;

    public RestoreDatabase(Recovery recovery) {
        this.recovery = recovery;
    }

    public record What(String service, RestorePlan.DatabaseTarget target) {}

    public record Restored(Recovery.RestoredDatabase restored, String summary) {}

    public Restored restoreDatabase(What what, StepContext context) {
        Recovery.RestoredDatabase restored =
                recovery.restoreDatabase(what.service(), what.target(), context.progress());
        return new Restored(restored, Sentences.restored(restored, what.target()));
    }

    public record Proven(RestoreResult result, String summary) {}

    public record ToProve(String service, RestorePlan.DatabaseTarget target, Recovery.RestoredDatabase restored) {}

    public Proven proveDatabase(ToProve what, StepContext context) {
        Proof proof = recovery.proveDatabase(what.service(), what.target(), context.progress());
        RestoreResult result = RestoreResult.of(
                what.target().database(), what.target().backup(), proof, what.restored().seconds(), what.restored().bytes());
        return new Proven(result, Sentences.proven(proof, what.target()));
    }
}
