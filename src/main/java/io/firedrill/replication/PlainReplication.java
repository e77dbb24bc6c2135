package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.plan.UnknownName;
import io.firedrill.tool.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plain PostgreSQL streaming replication: Firedrill itself fences and promotes. */
final class PlainReplication implements Replication {
    private static final Duration PROMOTION = Duration.ofSeconds(90);
    /** For a standby that may have the most and is only slow: a few looks more. */
    private static final Duration UNHEARD = Duration.ofSeconds(10);

    private final ReplicationPlan.Plain plan;
    private final Clock clock;
    private final Map<String, NodeServer> servers = new LinkedHashMap<>();
    private final Map<String, Postmaster> postmasters = new LinkedHashMap<>();

    PlainReplication(ReplicationPlan.Plain plan, Clock clock) {
        this.plan = plan;
        this.clock = clock;
        plan.nodes().values().forEach(node -> {
            servers.put(node.name(), new NodeServer(node.name(), node.server()));
            postmasters.put(node.name(), new Postmaster(node));
        });
    }

    @Override
    public List<NodeState> look() {
        return Standbys.look(List.copyOf(servers.values()));
    }

    @Override
    public Verdict witness(@Nullable String to) {
        Instant began = clock.instant();
        Instant end = began.plus(plan.policy().deadAfter());
        while (true) {
            Verdict verdict = lookAtPrimary(to, began);
            if (!verdict.gone() || !clock.instant().isBefore(end)) {
                return verdict;
            }
            Pause.of(Duration.ofMillis(500));
        }
    }

    private Verdict lookAtPrimary(@Nullable String to, Instant began) {
        List<NodeState> states = look();
        Optional<NodeState> candidate = candidate(states, to);
        Optional<NodeState> primary = states.stream().filter(NodeState::primary).findFirst();
        if (primary.isPresent()) {
            Witness alive = Witness.alive("a session of our own", "%s answers as primary".formatted(primary.get().node()));
            return new Verdict(false, primary.get().node(), null, candidate.orElse(null), clock.instant(), List.of(alive), "unknown",
                    "The primary %s works.".formatted(primary.get().node()));
        }
        String lost = presumedPrimary(states);
        List<Witness> witnesses = witnesses(lost, states);
        boolean gone = Verdict.gone(witnesses);
        String text = gone
                ? "The primary %s is gone: %s.".formatted(lost, Verdict.words(witnesses))
                : "Nobody can tell for sure that the primary %s is gone: %s.".formatted(lost, Verdict.words(witnesses));
        return new Verdict(gone, lost, null, candidate.orElse(null), began, witnesses, cause(lost), text);
    }

    private Optional<NodeState> candidate(List<NodeState> states, @Nullable String to) {
        if (to != null) {
            node(to);
        }
        return Standbys.furthest(states.stream().filter(state -> to == null || state.node().equals(to)));
    }

    /**
     * No server says that it is the primary: it is the one that is down, and of several the one whose data directory does not
     * make it a standby.
     */
    private String presumedPrimary(List<NodeState> states) {
        List<String> down = states.stream().filter(state -> state.role().equals("down")).map(NodeState::node).toList();
        return down.stream()
                .filter(name -> down.size() > 1 && !postmaster(name).fenced())
                .findFirst()
                .or(() -> down.stream().findFirst())
                .orElseGet(() -> states.getFirst().node());
    }

    private List<Witness> witnesses(String primary, List<NodeState> states) {
        List<CompletableFuture<Witness>> asked = new ArrayList<>();
        asked.add(ask(() -> server(primary).primary()));
        asked.add(ask(() -> host(primary)));
        states.stream().filter(NodeState::standby).forEach(state -> asked.add(ask(() -> server(state.node()).receiver())));
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static CompletableFuture<Witness> ask(Supplier<Witness> witness) {
        return CompletableFuture.supplyAsync(witness, work -> Thread.ofVirtual().start(work));
    }

    private String cause(String node) {
        return switch (postmaster(node).state()) {
            case NO_DATA, UNKNOWN -> "hardware";
            case RUNNING, STOPPED -> "software";
        };
    }

    private Witness host(String node) {
        String who = "the host of " + node;
        return switch (postmaster(node).state()) {
            case RUNNING -> Witness.alive(who, "its server process runs");
            case STOPPED -> Witness.gone(who, "no server process runs");
            case NO_DATA -> Witness.gone(who, "its data directory is not usable, nothing runs on it");
            case UNKNOWN -> Witness.unknown(who, "does not answer");
        };
    }

    @Override
    public Fenced fence(String name, @Nullable String byHand) {
        Postmaster postmaster = postmaster(name);
        boolean reachable = postmaster.state() != Postmaster.State.UNKNOWN;
        if (reachable && postmaster.state() == Postmaster.State.NO_DATA) {
            return fenced(name, "%s has no usable data directory and no process: nothing can start on it".formatted(name));
        }
        if (reachable) {
            // In this order: whoever starts it in between starts a standby.
            postmaster.fence();
            postmaster.stop();
            return fenced(name, "%s is stopped, and can only start as a standby (%s)".formatted(name, Postmaster.SIGNAL));
        }
        if (!plan.fence().isEmpty()) {
            Hook.run(plan.fence(), Map.of("FIREDRILL_NODE", name, "FIREDRILL_HOST", node(name).server().host()), "fence");
            return fenced(name, "%s was cut off by %s".formatted(name, plan.fence().getFirst()));
        }
        if (byHand != null) {
            return fenced(name, "%s says that %s is switched off or cut off".formatted(byHand, name));
        }
        throw new Failure(
                        "not-fenced",
                        "The host of %s does not answer: nothing shows that it cannot take writes any more.".formatted(name),
                        "No standby was promoted: two primaries would each take writes that the other never gets.",
                        "Switch its host off or cut it off from clients, then say so here; or give the plan a fence program.")
                .lasting();
    }

    private Fenced fenced(String node, String how) {
        return new Fenced(node, clock.instant(), how);
    }

    @Override
    public Promoted promote(@Nullable String old, @Nullable String to) {
        List<NodeState> states = look();
        Optional<NodeState> already = states.stream().filter(NodeState::primary).filter(state -> !state.node().equals(old)).findFirst();
        if (already.isPresent()) {
            return Promotion.found(server(already.get().node()), clock).withUnheard(unheard(states, old));
        }
        if (!unheard(states, old).isEmpty()) {
            Pause.until(UNHEARD, () -> unheard(look(), old).isEmpty());
            states = look();
        }
        if (old != null && states.stream().anyMatch(state -> state.node().equals(old) && state.primary())) {
            throw new Failure(
                            "still-primary",
                            "%s still answers as primary.".formatted(old),
                            "No standby was promoted: two primaries would each take writes that the other never gets.",
                            "Try again: it is fenced first.")
                    .lasting();
        }
        NodeState chosen = candidate(states.stream().filter(state -> !state.node().equals(old)).toList(), to)
                .orElseThrow(() -> noStandby().lasting());
        refuseOneThatLacks(chosen, states, old);
        return Promotion.of(server(chosen.node()), PROMOTION, clock).withUnheard(unheard(states, old));
    }

    /** Any one synchronous standby is enough for a commit ({@link Synchronous}), so each that is silent may have it alone. */
    private List<String> unheard(List<NodeState> states, @Nullable String old) {
        return states.stream()
                .filter(state -> !state.primary() && !state.standby())
                .map(NodeState::node)
                .filter(name -> !name.equals(old) && node(name).synchronous())
                .toList();
    }

    /** A person's wish counts only among those that have the same. */
    private static void refuseOneThatLacks(NodeState chosen, List<NodeState> states, @Nullable String old) {
        NodeState furthest = Standbys.furthest(states.stream().filter(state -> !state.node().equals(old))).orElse(chosen);
        if (Standbys.compare(furthest, chosen) > 0) {
            throw new Failure(
                            "lacks-wal",
                            "%s has WAL up to %s, %s up to %s.".formatted(chosen.node(), chosen.lsn(), furthest.node(), furthest.lsn()),
                            "Nothing was promoted: transactions that %s has would be lost.".formatted(furthest.node()),
                            "Promote %s, and switch over to %s afterwards.".formatted(furthest.node(), chosen.node()))
                    .lasting();
        }
    }

    private static Failure noStandby() {
        return new Failure(
                "no-standby",
                "No standby answers that could be promoted.",
                "Nothing was promoted; the old primary is fenced.",
                "Start a standby and try again, or restore the server from a backup.");
    }

    @Override
    public Loss loss(@Nullable String old, Promoted promoted, @Nullable Instant lastAlive) {
        if (promoted.lossless()) {
            return Loss.NONE;
        }
        boolean waitedFor = plan.nodes().values().stream().anyMatch(node -> node.name().equals(promoted.node()) && node.synchronous())
                && promoted.unheard().isEmpty();
        return old == null
                ? LostWal.unknown(promoted, lastAlive, false)
                : new LostWal(node(old), postmaster(old).host()).since(promoted, lastAlive, waitedFor);
    }

    @Override
    public List<Rebuilt> rebuild(String incident, Progress progress) {
        String primary = primary().node();
        List<Rebuilt> rebuilt = new ArrayList<>();
        for (String name : order(primary)) {
            rebuilt.add(builder(name, primary).build(incident, progress, false));
        }
        Synchronous.restore(plan, server(primary), primary);
        return List.copyOf(rebuilt);
    }

    /** Those that only need to be led to the new primary before those that must be built. */
    private List<String> order(String primary) {
        List<NodeState> states = look();
        return Stream.concat(
                        states.stream().filter(NodeState::standby), states.stream().filter(state -> !state.standby()))
                .map(NodeState::node)
                .filter(name -> !name.equals(primary))
                .toList();
    }

    @Override
    public List<Need> needs(String name) {
        return primaryNeeds().missing(node(name));
    }

    @Override
    public void prepare(List<Need> needs) {
        if (!needs.isEmpty()) {
            primaryNeeds().apply(needs);
        }
    }

    private PrimaryNeeds primaryNeeds() {
        String primary = primary().node();
        return new PrimaryNeeds(server(primary), postmaster(primary), plan.replicator(), servers.size());
    }

    @Override
    public Rebuilt rejoin(String name, String incident, Progress progress) {
        node(name);
        String primary = primary().node();
        if (name.equals(primary)) {
            throw new Failure(
                            "is-primary",
                            "%s is the primary.".formatted(name),
                            "Nothing was changed.",
                            "Switch over to another node first, or name the node that is to become a standby.")
                    .lasting();
        }
        Rebuilt rebuilt = builder(name, primary).build(incident, progress, true);
        Synchronous.restore(plan, server(primary), primary);
        return rebuilt;
    }

    private StandbyBuilder builder(String name, String primary) {
        return new StandbyBuilder(
                node(name), server(name), postmaster(name), node(primary), server(primary), plan.replicator());
    }

    /** The one primary; with none, and with two, nothing is built on any. */
    private NodeState primary() {
        List<NodeState> primaries = look().stream().filter(NodeState::primary).toList();
        if (primaries.size() == 1) {
            return primaries.getFirst();
        }
        throw new Failure(
                        primaries.isEmpty() ? "no-primary" : "two-primaries",
                        primaries.isEmpty()
                                ? "No node answers as primary."
                                : "Several nodes take writes: %s.".formatted(
                                        String.join(", ", primaries.stream().map(NodeState::node).toList())),
                        "No standby was touched: it would follow the wrong one.",
                        primaries.isEmpty()
                                ? "Fail over first: firedrill failover SERVICE"
                                : "Stop the one whose writes are not wanted, keep its data, then try again.")
                .lasting();
    }

    @Override
    public Promoted switchOver(String to) {
        return new Switchover(this::look, node(to), server(to)).from(
                name -> server(name), name -> postmaster(name), PROMOTION, clock);
    }

    private Node node(String name) {
        Node node = plan.nodes().get(name);
        if (node == null) {
            throw UnknownName.failure("node", name, plan.nodes().keySet()).lasting();
        }
        return node;
    }

    private NodeServer server(String name) {
        node(name);
        return servers.get(name);
    }

    private Postmaster postmaster(String name) {
        node(name);
        return postmasters.get(name);
    }
}
