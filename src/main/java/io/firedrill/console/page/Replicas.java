package io.firedrill.console.page;

import io.firedrill.console.ReplicationWatch.Look;
import io.firedrill.replication.NodeState;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one service on the page Now, as the newest look found them.
 *
 * @param mood the worst of them: {@code good}, {@code open} or {@code bad}
 * @param trouble one clause, or null when nothing is wrong
 */
public record Replicas(Instant at, List<Node> nodes, String mood, @Nullable String trouble) {
    /** @param role {@code primary}, {@code standby} or {@code down} */
    public record Node(String name, String role, String mood, String standing) {}

    static Replicas of(Look look) {
        List<Node> nodes = look.nodes().stream().map(Replicas::node).toList();
        List<String> primaries = look.nodes().stream().filter(NodeState::primary).map(NodeState::node).toList();
        if (primaries.size() != 1) {
            String trouble = primaries.isEmpty() ? "no server takes writes" : String.join(" and ", primaries) + " both take writes";
            return new Replicas(look.at(), nodes, "bad", trouble);
        }
        return look.nodes().stream()
                .filter(node -> !mood(node).equals("good"))
                .findFirst()
                .map(node -> new Replicas(look.at(), nodes, "open", node.node() + (node.standby() ? " does not follow the primary" : " is down")))
                .orElseGet(() -> new Replicas(look.at(), nodes, "good", null));
    }

    private static Node node(NodeState state) {
        return new Node(state.node(), state.role(), mood(state), standing(state));
    }

    private static String mood(NodeState state) {
        if (state.primary()) {
            return "good";
        }
        return !state.standby() ? "bad" : state.streaming() ? "good" : "open";
    }

    private static String standing(NodeState state) {
        if (!state.standby()) {
            return state.note();
        }
        String lag = lag(state);
        return state.streaming()
                ? (state.synchronous() ? "commits wait for it, " : "") + lag
                : "does not receive" + (lag.isEmpty() ? "" : ", " + lag);
    }

    private static String lag(NodeState state) {
        Long bytes = state.lagBytes();
        if (bytes == null) {
            return state.streaming() ? "receives; how far behind is not known" : "";
        }
        Double seconds = state.lagSeconds();
        return bytes == 0
                ? "has everything"
                : Words.bytes(bytes) + " behind"
                        + (seconds == null ? "" : " (" + Words.of(Duration.ofMillis(Math.round(seconds * 1000))) + ")");
    }
}
