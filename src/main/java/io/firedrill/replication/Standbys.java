package io.firedrill.replication;

import io.firedrill.tool.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at all servers at once and says how the standbys lag, and which of them has the most. */
final class Standbys {
    private static final Comparator<NodeState> MOST_WAL = Comparator.comparingLong(NodeState::timeline)
            .thenComparing(state -> lsn(state).orElse(new Lsn(0)));

    private Standbys() {}

    /** The primary first. */
    static List<NodeState> look(List<NodeServer> servers) {
        List<CompletableFuture<NodeServer.Answer>> asked = servers.stream()
                .map(server -> CompletableFuture.supplyAsync(server::look, work -> Thread.ofVirtual().start(work)))
                .toList();
        List<NodeServer.Answer> answers = asked.stream().map(CompletableFuture::join).toList();
        Optional<NodeState> primary = answers.stream().map(NodeServer.Answer::state).filter(NodeState::primary).max(MOST_WAL);
        List<NodeState> states = new ArrayList<>(answers.stream().map(answer -> withLag(answer, primary.orElse(null))).toList());
        states.sort(Comparator.comparing((NodeState state) -> !state.primary()));
        return List.copyOf(states);
    }

    private static NodeState withLag(NodeServer.Answer answer, @Nullable NodeState primary) {
        NodeState state = answer.state();
        if (!state.standby() || primary == null || primary.lsn() == null || answer.replayed() == null) {
            return state;
        }
        long bytes = Math.max(0, Lsn.parse(primary.lsn()).value() - Lsn.parse(answer.replayed()).value());
        Double seconds = bytes == 0 ? Double.valueOf(0) : answer.behind();
        return new NodeState(state.node(), state.address(), state.role(), state.timeline(), state.lsn(), state.streaming(), bytes, seconds,
                state.replayedAt(), state.synchronous(), state.note());
    }

    /** The one with the most WAL on the newest timeline; the first of several alike. */
    static Optional<NodeState> furthest(Stream<NodeState> states) {
        return states.filter(NodeState::standby).filter(state -> state.lsn() != null)
                .reduce((one, other) -> MOST_WAL.compare(other, one) > 0 ? other : one);
    }

    /** More than 0 when the first has more. */
    static int compare(NodeState one, NodeState other) {
        return MOST_WAL.compare(one, other);
    }

    private static Optional<Lsn> lsn(NodeState state) {
        return Optional.ofNullable(state.lsn()).map(Lsn::parse);
    }
}
