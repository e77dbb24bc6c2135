package io.firedrill.replication;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A node's server process and its data directory, seen from its own host. */
final class Postmaster {
    static final String SIGNAL = "standby.signal";
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final Node node;
    private final NodeHost host;

    Postmaster(Node node) {
        this.node = node;
        this.host = new NodeHost(node);
    }

    NodeHost host() {
        return host;
    }

    /** {@code RUNNING}; {@code STOPPED}; {@code NO_DATA}: no usable data directory; {@code UNKNOWN}: the host does not answer. */
    enum State { RUNNING, STOPPED, NO_DATA, UNKNOWN }

    /** Exit codes of {@code pg_ctl status}: 0 runs, 3 does not, 4 no accessible data directory (manual, pg_ctl). */
    State state() {
        try {
            return switch (host.run(Duration.ofSeconds(10), "pg_ctl", "status", "-D", node.data().toString()).exit()) {
                case 0 -> State.RUNNING;
                case 3 -> usable() ? State.STOPPED : State.NO_DATA;
                case 4 -> host.reachable() ? State.NO_DATA : State.UNKNOWN;
                default -> State.UNKNOWN;
            };
        } catch (FailureException e) {
            return State.UNKNOWN;
        }
    }

    /** Whether a server could start on it at all. */
    boolean usable() {
        return host.exists(file("PG_VERSION")) && host.exists(file("global/pg_control"));
    }

    boolean fenced() {
        return host.exists(file(SIGNAL));
    }

    /** From now on it can only ever start as a standby, which takes no writes (manual, "Standby Server Operation"). */
    void fence() {
        host.touch(file(SIGNAL));
    }

    /** Stops it, sessions ended; what is stopped already stays so. */
    void stop() {
        if (!node.stop().isEmpty()) {
            own(node.stop());
        }
        if (state() != State.RUNNING) {
            return;
        }
        Command.Result<String> fast = host.run(DEADLINE, "pg_ctl", "stop", "-w", "-D", data(), "-m", "fast", "-s", "-t", "60");
        if (!fast.succeeded() && state() == State.RUNNING) {
            host.must(DEADLINE, "pg_ctl", "stop", "-w", "-D", data(), "-m", "immediate", "-s");
        }
    }

    void start() {
        if (state() == State.RUNNING) {
            return;
        }
        if (!node.start().isEmpty()) {
            own(node.start());
            return;
        }
        List<String> words = new ArrayList<>(List.of("--wait", path("pg_ctl"), "start", "-w", "-D", data(), "-l",
                node.log().toString(), "-s", "-t", "90"));
        node.config().ifPresent(config -> words.addAll(List.of("-o", "-c config_file=" + config)));
        // Not in the group of whoever starts it: a Ctrl-C there must not reach it.
        host.must(DEADLINE, "setsid", words.toArray(String[]::new));
    }

    private void own(List<String> words) {
        host.must(DEADLINE, words.getFirst(), words.subList(1, words.size()).toArray(String[]::new));
    }

    private String path(String program) {
        return node.bin().map(bin -> bin.resolve(program).toString()).orElseGet(() -> Programs.find(program));
    }

    Path file(String name) {
        return node.data().resolve(name);
    }

    private String data() {
        return node.data().toString();
    }
}
