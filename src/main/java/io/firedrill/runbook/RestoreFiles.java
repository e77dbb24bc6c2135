package io.firedrill.runbook;

import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;

/** Process {@code restore-files}: restore beside the damage, prove. */
@Process("restore-files")
public final class RestoreFiles {
    private final Recovery recovery;

    public RestoreFiles(Recovery recovery) {
        this.recovery = recovery;
    }

    public record What(String service, RestorePlan.FilesTarget target) {}

    public record Restored(Recovery.RestoredFiles restored, String summary) {}

    public Restored restoreFiles(What what, StepContext context) {
        Recovery.RestoredFiles restored = recovery.restoreFiles(what.service(), what.target(), context.progress());
        return new Restored(restored, Sentences.restored(restored, what.target()));
    }

    public record Proven(RestoreResult result, String summary) {}

    public record ToProve(String service, RestorePlan.FilesTarget target, Recovery.RestoredFiles restored) {}

    public Proven proveFiles(ToProve what, StepContext context) {
        Proof proof = recovery.proveFiles(what.service(), what.target(), context.progress());
        RestoreResult result = RestoreResult.of(
                what.target().fileSet(), what.target().backup(), proof, what.restored().seconds(), what.restored().bytes());
        return new Proven(result, Sentences.proven(proof));
    }
}
