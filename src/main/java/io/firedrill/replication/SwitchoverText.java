package io.firedrill.replication;

import io.firedrill.plan.ReplicationPlan;
import io.firedrill.tool.Words;
import java.util.List;
import java.util.Optional;

/** What an approver of a switchover must know, in Markdown. */
public final class SwitchoverText {
    private SwitchoverText() {}

    public static String of(ReplicationPlan plan, String to, List<NodeState> states) {
        String happens = switch (plan) {
            case ReplicationPlan.Plain plain -> "%s is promoted only when it has all of its WAL; then the old primary starts again as a standby."
                    .formatted(to);
            case ReplicationPlan.Patroni patroni -> "which sends %s the rest of its WAL; then Patroni promotes %s and starts the old primary as a standby."
                    .formatted(to, to);
        };
        String lost = switch (plan) {
            case ReplicationPlan.Plain plain -> "If %s has not everything, the old primary is started again as it was.".formatted(to);
            case ReplicationPlan.Patroni patroni -> "Patroni is asked only while %s streams.".formatted(to);
        };
        return """
                **%s** becomes the primary in place of **%s**. %s

                **What happens:** sessions on the old primary are ended and it is stopped cleanly; %s Writes fail for the few seconds \
                in between.

                **What is lost:** nothing. %s

                **It can be undone** by a switchover the other way round.
                """.formatted(to, primary(states), lag(to, states), happens, lost).strip();
    }

    public static String summary(String to, List<NodeState> states) {
        return "from %s to %s: %s".formatted(primary(states), to, lag(to, states));
    }

    private static String primary(List<NodeState> states) {
        return states.stream().filter(NodeState::primary).map(NodeState::node).findFirst().orElse("a primary that does not answer");
    }

    private static String lag(String to, List<NodeState> states) {
        Optional<NodeState> state = states.stream().filter(one -> one.node().equals(to)).findFirst();
        Optional<Long> behind = state.map(NodeState::lagBytes);
        return state.filter(NodeState::streaming).isEmpty()
                ? "It does not stream from the primary now, so the switchover would be refused."
                : "It streams, %s behind.".formatted(behind.map(Words::bytes).orElse("an unknown distance"));
    }
}
