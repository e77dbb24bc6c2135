package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.replication.Replication.Promoted;
import io.firedrill.tool.Lsn;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A planned change of primary: the old one is stopped cleanly, and the new one promoted only when it has everything. */
final class Switchover {
    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    private final Supplier<List<NodeState>> look;
    private final Node to;
    private final NodeServer target;

    Switchover(Supplier<List<NodeState>> look, Node to, NodeServer target) {
        this.look = look;
        this.to = to;
        this.target = target;
    }

    Promoted from(Function<String, NodeServer> server, Function<String, Postmaster> postmaster, Duration patience, Clock clock) {
        List<NodeState> states = look.get();
        Optional<NodeState> primary = states.stream().filter(NodeState::primary).findFirst();
        if (primary.isPresent() && primary.get().node().equals(to.name())) {
            return Promotion.found(target, clock);
        }
        if (primary.isEmpty()) {
            // An earlier try may have stopped it: whoever is stopped and fenced, with the target having all of it, was it.
            return states.stream()
                    .filter(state -> state.role().equals("down") && postmaster.apply(state.node()).fenced())
                    .findFirst()
                    .map(state -> finish(state.node(), postmaster.apply(state.node()), patience, clock))
                    .orElseThrow(() -> refused("No node answers as primary.", "Fail over instead: firedrill failover SERVICE"));
        }
        String old = primary.get().node();
        requireStreaming(states);
        server.apply(old).run(Duration.ofMinutes(5), "checkpoint");
        postmaster.apply(old).fence();
        postmaster.apply(old).stop();
        return finish(old, postmaster.apply(old), patience, clock);
    }

    private void requireStreaming(List<NodeState> states) {
        NodeState state = states.stream().filter(one -> one.node().equals(to.name())).findFirst().orElseThrow();
        if (!state.streaming()) {
            throw refused(
                    "%s does not stream from the primary%s.".formatted(to.name(), state.note().isEmpty() ? "" : ": " + state.note()),
                    "Make it a standby again first: firedrill rejoin SERVICE %s".formatted(to.name()));
        }
    }

    /** A clean stop sends everything to the standbys first, the shutdown checkpoint's record included. */
    private Promoted finish(String old, Postmaster postmaster, Duration patience, Clock clock) {
        Lsn shutdown = new ControlData(postmaster).checkpoint();
        boolean has = Pause.until(CATCH_UP, () -> Optional.ofNullable(target.look().state().lsn())
                .map(Lsn::parse)
                .filter(lsn -> lsn.compareTo(shutdown) > 0)
                .isPresent());
        if (!has) {
            postmaster.host().remove(postmaster.file(Postmaster.SIGNAL));
            postmaster.start();
            throw refused(
                    "%s has not received all of the WAL of %s, which ends after %s.".formatted(to.name(), old, shutdown),
                    "%s is the primary again. See why %s does not keep up, then try again.".formatted(old, to.name()));
        }
        return Promotion.of(target, patience, clock).withoutLoss();
    }

    private static RuntimeException refused(String what, String next) {
        return new Failure("no-switchover", what, "The primary was not changed; nothing is lost.", next).lasting();
    }
}
