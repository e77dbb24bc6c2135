package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a service's PostgreSQL servers replicate, and who decides when another becomes the primary. */
public sealed interface ReplicationPlan {
    /** Causes that a failover may be done for without asking: what a standby has not copied along. */
    Set<String> FAILOVER_CAUSES = Set.of("hardware", "software");

    Policy policy();

    /** As the plan writes it: {@code plain} or {@code patroni}. */
    String manager();

    /** Of its nodes, in the file's order. */
    default Set<String> names() {
        return switch (this) {
            case Plain plain -> plain.nodes().keySet();
            case Patroni patroni -> patroni.nodes().keySet();
        };
    }

    /**
     * @param withoutApproval causes for which a failover does not wait for people, of {@link #FAILOVER_CAUSES}
     * @param deadAfter for how long all witnesses must agree that the primary is gone
     * @param repoint program and arguments that lead clients to the new primary; empty: they find it by themselves
     */
    record Policy(Set<String> withoutApproval, Duration deadAfter, List<String> repoint) {
        public Policy {
            withoutApproval = Set.copyOf(withoutApproval);
            repoint = List.copyOf(repoint);
        }
    }

    /**
     * Firedrill itself promotes.
     *
     * @param nodes by name, in the file's order, at least two; any may be the primary
     * @param replicator whom standbys connect as
     * @param fence program and arguments that keep an unreachable old primary from ever taking writes; empty: people do
     */
    record Plain(Map<String, Node> nodes, Replicator replicator, List<String> fence, Policy policy) implements ReplicationPlan {
        public Plain {
            nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
            fence = List.copyOf(fence);
        }

        @Override
        public String manager() {
            return "plain";
        }
    }

    /**
     * Patroni promotes; Firedrill watches and does what remains.
     *
     * @param nodes by Patroni's own names for them, in the file's order, at least two
     * @param user for the REST API's Basic authentication; with {@code passwordFile}, or neither
     * @param database the service's first, whose user is a superuser; each node is reached as it, at the address that Patroni tells
     * @param readWrite host and port where HAProxy leads to the primary, {@code *} for every address
     * @param readOnly likewise to the standbys
     */
    record Patroni(
            Map<String, PatroniNode> nodes,
            Optional<String> user,
            Optional<Path> passwordFile,
            Database database,
            String readWrite,
            String readOnly,
            Policy policy)
            implements ReplicationPlan {
        public Patroni {
            nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        }

        @Override
        public String manager() {
            return "patroni";
        }
    }

    /**
     * @param api its REST API, without a path
     * @param server where PostgreSQL listens there
     */
    record PatroniNode(String name, URI api, Database.Address server) {}

    /** @param passwordFile absent: the servers trust it */
    record Replicator(String user, Optional<Path> passwordFile) {}

    /**
     * One server of a plain cluster.
     *
     * @param server reached as superuser, at this address only
     * @param data its data directory, as its own host sees it
     * @param via words before each program that works on that host, e.g. {@code ssh pg2}; empty: this host
     * @param user whom the server runs as, when {@code via} is empty and Firedrill runs as root
     * @param bin folder of PostgreSQL's programs there; absent: as found on this host
     * @param config its {@code postgresql.conf} where that is not in the data directory
     * @param log that a start by {@code pg_ctl} writes to
     * @param slot name of the replication slot that it uses on whichever node is the primary
     * @param synchronous whether commits wait for it while it is a standby
     * @param start and {@code stop}: programs that do it instead of {@code pg_ctl}
     */
    record Node(
            String name,
            Database server,
            Path data,
            List<String> via,
            String user,
            Optional<Path> bin,
            Optional<Path> config,
            Path log,
            String slot,
            boolean synchronous,
            List<String> start,
            List<String> stop) {
        public Node {
            Names.require(name);
            via = List.copyOf(via);
            start = List.copyOf(start);
            stop = List.copyOf(stop);
        }

        public Database.Address address() {
            return new Database.Address(server.host(), server.port());
        }
    }
}
