package io.firedrill.runbook;

import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;

/** Steps of a recovery that must run where a server's data directory lies. */
@Process({"disaster-recovery", "undo-recovery"})
public final class ServerSwaps {
    private final Recovery recovery;

    public ServerSwaps(Recovery recovery) {
        this.recovery = recovery;
    }

    public record Server(String service, String incident, RestorePlan.ServerTarget target) {}

    public record Swapped(Recovery.ServerSwap serverSwap, String summary) {}

    public Swapped cutOverServer(Server server) {
        Recovery.ServerSwap done = recovery.cutOverServer(server.service(), server.target());
        return new Swapped(done, Sentences.swapped(done, "the damaged data directory is set aside as"));
    }

    public Swapped swapBackServer(Server server) {
        Recovery.ServerSwap done = recovery.swapBackServer(server.service(), server.target());
        return new Swapped(done, Sentences.swapped(done, "the restored data directory is kept as"));
    }

    public Done discardServer(Server server) {
        recovery.discardServer(server.service(), server.target());
        return new Done("the restored server is stopped and removed; the damaged one is as it was");
    }
}
