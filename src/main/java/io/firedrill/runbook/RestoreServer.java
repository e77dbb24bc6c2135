package io.firedrill.runbook;

import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.ServerRestored;

/** Process {@code restore-server}: restore beside the damage, prove. Both steps run on the server's host. */
@Process("restore-server")
public final class RestoreServer {
    private final Recovery recovery;

    public RestoreServer(Recovery recovery) {
        this.recovery = recovery;
    }

    public record What(String service, RestorePlan.ServerTarget target) {}

    public record Restored(ServerRestored restored, String summary) {}

    public Restored restoreServer(What what, StepContext context) {
        ServerRestored restored = recovery.restoreServer(what.service(), what.target(), context.progress());
        return new Restored(restored, Sentences.restored(restored, what.target()));
    }

    public record ToProve(String service, RestorePlan.ServerTarget target, ServerRestored restored) {}

    public record Proven(ServerResult result, String summary) {}

    public Proven proveServer(ToProve what, StepContext context) {
        Proof proof = recovery.proveServer(what.service(), what.target(), context.progress());
        return new Proven(ServerResult.of(what.target(), proof, what.restored()), Sentences.provenServer(proof));
    }
}
