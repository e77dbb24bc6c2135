package io.firedrill.replication;

import io.firedrill.plan.ReplicationPlan;
import java.util.List;
import java.util.stream.Collectors;

/** What an approver of making a server a standby must know, in Markdown. */
public final class RejoinText {
    private RejoinText() {}

    public static String of(ReplicationPlan plan, String node, List<NodeState> states, List<Need> needs) {
        return switch (plan) {
            case ReplicationPlan.Plain plain -> plain(node, states, needs);
            case ReplicationPlan.Patroni patroni -> patroni(node, states);
        };
    }

    private static String patroni(String node, List<NodeState> states) {
        return """
                **%s** becomes a standby of the primary. Now it %s.

                **What happens to %s:** Patroni gets the time to bring it back by itself. When it does not, Patroni is told to copy it \
                anew, **and removes its data directory for that.**

                **What is lost:** nothing of the service. What only %s has, writes that no other node received, is then gone: copy its \
                data directory first if that may be wanted.
                """.formatted(node, now(node, states), node, node).strip();
    }

    private static String now(String node, List<NodeState> states) {
        return states.stream().filter(state -> state.node().equals(node)).findFirst().map(RejoinText::words).orElse("is not known");
    }

    private static String plain(String node, List<NodeState> states, List<Need> needs) {
        String changes = needs.isEmpty()
                ? "The primary has all that is needed; nothing is set there."
                : "**On the primary is set first:**\n\n" + needs.stream().map(need -> "- " + need.text()).collect(Collectors.joining("\n"));
        String restart = needs.stream().anyMatch(Need::restart)
                ? "\n\n**The primary is restarted for it:** its sessions end, and writes fail for some seconds."
                : "";
        return """
                **%s** becomes a standby of the primary. Now it %s.

                %s%s

                **What happens to %s:** it is led to the primary; when that is not enough, stopped and rewound; when that does not work \
                either, copied anew. What it has is kept: its data directory, or its WAL and configuration, set aside under %s's name.

                **What is lost:** nothing of the service. What only %s has is in none of the others, and stays in what is set aside.
                """.formatted(node, now(node, states), changes, restart, node, "the incident", node).strip();
    }

    private static String words(NodeState state) {
        return switch (state.role()) {
            case "primary" -> "**takes writes itself**, and is stopped for it";
            case "standby" -> state.streaming() ? "streams already" : "runs as a standby and does not stream";
            default -> "does not answer";
        };
    }
}
