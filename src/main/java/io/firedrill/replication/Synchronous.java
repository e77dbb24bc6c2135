package io.firedrill.replication;

import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.ReplicationPlan.Node;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Which standbys a primary's commits wait for. */
final class Synchronous {
    private Synchronous() {}

    /**
     * Any one of the plan's synchronous standbys that stream now. With none streaming commits wait for nobody, as the plan
     * means redundancy and not standstill; {@code firedrill status} tells.
     */
    static void restore(ReplicationPlan.Plain plan, NodeServer server, String primary) {
        List<String> wanted = plan.nodes().values().stream()
                .filter(Node::synchronous)
                .map(Node::name)
                .filter(name -> !name.equals(primary))
                .toList();
        server.ask(Duration.ofSeconds(20), statement -> {
            String streaming = NodeServer.text(statement,
                    "select coalesce(string_agg(application_name, ','), '') from pg_stat_replication where state = 'streaming'").orElse("");
            List<String> there = wanted.stream().filter(name -> List.of(streaming.split(",")).contains(name)).toList();
            String names = there.isEmpty()
                    ? ""
                    : there.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", ", "ANY 1 (", ")"));
            String before = NodeServer.text(statement, "show synchronous_standby_names").orElse("");
            if (!before.equals(names)) {
                statement.execute("alter system set synchronous_standby_names = " + NodeServer.literal(names));
                statement.execute("select pg_reload_conf()");
            }
            return true;
        });
    }
}
