package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.plan.ReplicationPlan.Replicator;
import io.firedrill.replication.Replication.Rebuilt;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes one node a standby of the primary, by the gentlest means that works: leave it, lead it to the primary, start it,
 * rewind it, or copy the primary anew. Its own data is set aside before anything of it is overwritten.
 */
final class StandbyBuilder {
    private static final Duration SQL = Duration.ofSeconds(20);
    private static final Duration STREAMS = Duration.ofSeconds(30);
    private static final Duration COPY = Duration.ofHours(12);

    private final Node node;
    private final NodeServer server;
    private final Postmaster postmaster;
    private final NodeHost host;
    private final NodeServer primary;
    private final StandbySettings settings;

    StandbyBuilder(
            Node node, NodeServer server, Postmaster postmaster, Node primaryNode, NodeServer primary, Replicator replicator) {
        this.node = node;
        this.server = server;
        this.postmaster = postmaster;
        this.host = postmaster.host();
        this.primary = primary;
        this.settings = new StandbySettings(node, postmaster, primaryNode, replicator);
    }

    /** @param asked whether a person has agreed that a node that takes writes itself is stopped */
    Rebuilt build(String incident, Progress progress, boolean asked) {
        NodeState state = server.look().state();
        if (state.primary() && !asked) {
            throw new Failure(
                            "two-primaries",
                            "%s takes writes too.".formatted(node.name()),
                            "It was left alone: what was written there would be lost to the service.",
                            "Decide whose writes count; then: firedrill rejoin SERVICE %s".formatted(node.name()))
                    .lasting();
        }
        settings.writePassword();
        makeSlot();
        progress.at("making %s a standby".formatted(node.name()), 0, 0, "bytes");
        if (state.standby()) {
            if (streams()) {
                return built("streaming", "streams from the primary");
            }
            server.run(SQL, settings.statements());
            if (Pause.until(STREAMS, this::streams)) {
                return built("repointed", "led to the primary, streams from it");
            }
        }
        return withData(incident, progress);
    }

    private Rebuilt withData(String incident, Progress progress) {
        if (postmaster.state() == Postmaster.State.UNKNOWN) {
            throw new Failure(
                            "node-unreachable",
                            "The host of %s does not answer.".formatted(node.name()),
                            "%s is no standby; the service works without it.".formatted(node.name()),
                            "Bring the host back, then: firedrill rejoin SERVICE %s".formatted(node.name()))
                    .lasting();
        }
        if (postmaster.usable()) {
            postmaster.fence();
        }
        postmaster.stop();
        if (postmaster.usable() && ownCluster()) {
            try {
                return rewound(incident, progress);
            } catch (FailureException e) {
                // Whatever it says, the primary's own data is still the way.
                postmaster.stop();
                return copied(incident, progress, e.failure().what());
            }
        }
        return copied(incident, progress, "it had no usable data directory");
    }

    /** One of another cluster cannot be rewound, and must not be overwritten. */
    private boolean ownCluster() {
        String theirs = primary.ask(SQL, statement ->
                NodeServer.text(statement, "select system_identifier::text from pg_control_system()").orElse(""));
        return new ControlData(postmaster).systemIdentifier().equals(theirs);
    }

    /** {@code pg_rewind} first lets a crashed server recover, which one with a {@code standby.signal} cannot. */
    private Rebuilt rewound(String incident, Progress progress) {
        progress.at("rewinding %s".formatted(node.name()), 0, 0, "bytes");
        OwnFiles own = new OwnFiles(node, host, incident);
        own.keep();
        primary.run(SQL, "checkpoint");
        host.remove(postmaster.file(Postmaster.SIGNAL));
        try {
            List<String> words = new ArrayList<>(List.of("--target-pgdata=" + node.data(),
                    "--source-server=" + settings.superuser(primary.database())));
            node.config().ifPresent(config -> words.add("--config-file=" + config));
            host.must(COPY, "pg_rewind", words.toArray(String[]::new));
        } finally {
            if (postmaster.usable()) {
                postmaster.fence();
            }
        }
        own.putBack();
        start();
        return built("rewound", "rewound to the primary's timeline; what was only in its own WAL is kept in " + own.folder());
    }

    private Rebuilt copied(String incident, Progress progress, String why) {
        progress.at("copying the primary to %s".formatted(node.name()), 0, 0, "bytes");
        Path aside = OwnFiles.beside(node, "set-aside", incident);
        if (host.exists(node.data()) && !host.list(node.data()).isEmpty()) {
            if (host.exists(aside)) {
                // What an interrupted try has copied; the node's own data is safe already.
                host.must(Duration.ofMinutes(30), "rm", "-rf", node.data().toString());
            } else {
                host.rename(node.data(), aside);
            }
        }
        host.must(COPY, "pg_basebackup", "-D", node.data().toString(), "-X", "stream", "-c", "fast", "-S", node.slot(), "-d",
                settings.conninfo(primary.database()), "--no-password");
        OwnFiles.configuration(host, aside, node.data());
        start();
        return built("rebuilt", "copied anew from the primary (%s)%s".formatted(
                why, host.exists(aside) ? "; its old data is kept in " + aside : ""));
    }

    private void start() {
        settings.append(primary.database());
        postmaster.fence();
        postmaster.start();
        if (!Pause.until(STREAMS.multipliedBy(4), this::streams)) {
            throw new Failure(
                            "not-streaming",
                            "%s was started and does not stream from the primary.".formatted(node.name()),
                            "It is no standby yet; the service works without it.",
                            "Look into its log %s, then try again.".formatted(node.log()))
                    .lasting();
        }
    }

    private boolean streams() {
        try {
            return primary.ask(SQL, statement -> NodeServer.bool(statement, ("select exists (select from pg_stat_replication where"
                    + " application_name = %s and state = 'streaming')").formatted(NodeServer.literal(node.name()))));
        } catch (FailureException e) {
            return false;
        }
    }

    /** The primary keeps from now on what this node has not received. */
    private void makeSlot() {
        primary.run(SQL, ("select pg_create_physical_replication_slot(%1$s, true) where not exists"
                + " (select from pg_replication_slots where slot_name = %1$s)").formatted(NodeServer.literal(node.slot())));
    }

    private Rebuilt built(String how, String text) {
        return new Rebuilt(node.name(), how, "%s %s".formatted(node.name(), text));
    }
}
