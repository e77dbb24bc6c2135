package io.firedrill.console;

import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.history.Run;
import io.firedrill.history.StartTurns;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.UnknownName;
import io.firedrill.replication.NodeState;
import io.firedrill.replication.Replications;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people start that changes which server is the primary: checked here, done by the processes. */
final class ReplicationOperations {
    private final Replications replications;
    private final Runs runs;
    private final StartTurns starts;
    private final ServerChanges changes;

    ReplicationOperations(Replications replications, Runs runs, StartTurns starts, ServerChanges changes) {
        this.replications = replications;
        this.runs = runs;
        this.starts = starts;
        this.changes = changes;
    }

    String manager(String service) {
        return replications.plan(service).manager();
    }

    List<NodeState> look(String service) {
        return replications.of(service).look();
    }

    /** Returns the run; {@code to} null: the standby with the most WAL. */
    long failOver(@Nullable String service, @Nullable String to, @Nullable String reason, Actor actor) {
        return start("failover", service, to, reason, actor);
    }

    long switchOver(@Nullable String service, @Nullable String to, @Nullable String reason, Actor actor) {
        return start("switchover", service, required(to), reason, actor);
    }

    /** Makes the node a standby, the first time or again. */
    long rejoin(@Nullable String service, @Nullable String node, @Nullable String reason, Actor actor) {
        return start("rejoin", service, required(node), reason, actor);
    }

    private static String required(@Nullable String node) {
        if (node == null || node.isBlank()) {
            throw new Failure("bad-node", "No node was named.", "Nothing was started.", "Name one; see: firedrill replication SERVICE")
                    .lasting();
        }
        return node;
    }

    private long start(String process, @Nullable String name, @Nullable String node, @Nullable String reason, Actor actor) {
        String service = name == null ? "" : name;
        checkNode(replications.plan(service), node);
        Map<String, Object> variables = new HashMap<>();
        variables.put("service", service);
        variables.put("requestedBy", actor.name());
        variables.put("requestReason", reason);
        variables.put("toNode", node);
        return starts.start(
                        ServerChanges.subject(service),
                        () -> changes.ofRoles(service).map(Run::id),
                        () -> runs.start(process, variables))
                .orThrow(run -> new Failure(
                                "already-running",
                                "The servers of %s are being changed already: run %d.".formatted(service, run),
                                "No second run was started; they would get in each other's way.",
                                "Look at it: firedrill run %d".formatted(run))
                        .lasting());
    }

    private static void checkNode(ReplicationPlan plan, @Nullable String node) {
        if (node != null && !plan.names().contains(node)) {
            throw UnknownName.failure("node", node, plan.names()).lasting();
        }
    }
}
