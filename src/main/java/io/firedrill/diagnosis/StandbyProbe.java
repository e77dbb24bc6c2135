package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.replication.NodeState;
import io.firedrill.replication.Replication;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at the servers of a replicated service: who is the primary, and who could be. */
final class StandbyProbe {
    private final Replication replication;

    StandbyProbe(Replication replication) {
        this.replication = replication;
    }

    /** @param standbys and {@code broken}: as in {@link Evidence.Facts} */
    record Report(long standbys, long broken, List<Finding> findings) {
        static final Report NONE = new Report(0, 0, List.of());
    }

    Report run() {
        List<NodeState> states = replication.look();
        boolean primary = states.stream().anyMatch(NodeState::primary);
        long primaries = states.stream().filter(NodeState::primary).count();
        List<Finding> findings = new ArrayList<>();
        states.forEach(state -> findings.add(new Finding(severity(state, primary), "server " + state.node(), words(state))));
        if (primaries > 1) {
            findings.add(new Finding("damage", "servers", "%d servers take writes at once.".formatted(primaries)));
        }
        long down = states.stream().filter(state -> state.role().equals("down")).count();
        long standing = states.stream().filter(NodeState::standby).filter(state -> !primary || state.streaming()).count();
        // Without a primary one of those that are down was it.
        long broken = states.size() - standing - primaries - (primary || down == 0 ? 0 : 1);
        return new Report(standing, broken, findings);
    }

    private static String severity(NodeState state, boolean primary) {
        return state.primary() || state.standby() && (state.streaming() || !primary) ? "info" : "damage";
    }

    private static String words(NodeState state) {
        if (state.primary()) {
            return "Primary at %s, timeline %d.".formatted(state.address(), state.timeline());
        }
        if (!state.standby()) {
            return "Does not answer at %s: %s".formatted(state.address(), state.note());
        }
        return "Standby at %s, %s%s.".formatted(
                state.address(), state.streaming() ? "streaming" : "not streaming",
                state.lagBytes() == null ? "" : ", %s behind%s".formatted(
                        Words.bytes(state.lagBytes()),
                        state.lagSeconds() == null || state.lagBytes() == 0
                                ? ""
                                : " (" + Words.of(Duration.ofMillis(Math.round(state.lagSeconds() * 1000))) + ")"));
    }
}
