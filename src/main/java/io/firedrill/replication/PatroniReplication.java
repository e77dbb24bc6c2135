package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.UnknownName;
import io.firedrill.replication.PatroniApi.Member;
import io.firedrill.tool.Progress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Patroni's cluster. Patroni decides who is the primary, by its lease in the DCS; Firedrill waits for it, records what it did
 * and does what remains. Only when Patroni is left without a leader, or people want one, is it asked to promote.
 */
final class PatroniReplication implements Replication {
    /** Patroni itself gives up asking for an order's result sooner. */
    private static final Duration ORDER = Duration.ofSeconds(60);

    private static final Duration REBUILD = Duration.ofHours(12);

    private final ReplicationPlan.Patroni plan;
    private final PatroniApi api;
    private final PatroniElection election;
    private final Clock clock;

    PatroniReplication(ReplicationPlan.Patroni plan, Clock clock) {
        this.plan = plan;
        this.api = new PatroniApi(plan);
        this.election = new PatroniElection(plan, api, clock);
        this.clock = clock;
    }

    @Override
    public List<NodeState> look() {
        List<Member> members = api.members();
        List<NodeState> states = new ArrayList<>(Standbys.look(members.stream().map(election::server).toList()));
        Set<String> known = members.stream().map(Member::name).collect(Collectors.toSet());
        // A Patroni that is dead for longer than its ttl is no member any more.
        plan.nodes().values().stream().filter(node -> !known.contains(node.name())).forEach(node -> states.add(NodeState.down(
                node.name(), node.server().toString(),
                api.answers(node.api())
                        ? "Patroni answers there and knows no member %s; its members are %s".formatted(node.name(), String.join(", ", known))
                        : "its Patroni does not answer")));
        return List.copyOf(states);
    }

    @Override
    public Verdict witness(@Nullable String to) {
        return election.witness(() -> candidate(to));
    }

    /** Of those that have the most WAL, and while commits wait for standbys only of those. */
    private Optional<NodeState> candidate(@Nullable String to) {
        boolean synchronous = api.synchronous();
        Set<String> eligible = api.members().stream()
                .filter(member -> !synchronous || member.synchronous())
                .map(Member::name)
                .collect(Collectors.toSet());
        return Standbys.furthest(look().stream()
                .filter(state -> eligible.contains(state.node()))
                .filter(state -> to == null || state.node().equals(to)));
    }

    @Override
    public Fenced fence(String node, @Nullable String byHand) {
        return new Fenced(node, clock.instant(),
                "Patroni's lease lets one node only take writes; %s demotes itself, or starts as a standby, without it".formatted(node));
    }

    @Override
    public Promoted promote(@Nullable String old, @Nullable String to) {
        Optional<Member> leader = election.leader();
        if (leader.isPresent()) {
            return Promotion.found(election.server(leader.get()), clock);
        }
        if (to != null) {
            member(to);
        }
        String candidate = candidate(to).map(NodeState::node).orElseThrow(() -> new Failure(
                        "no-standby",
                        "No standby answers that could be promoted without losing what was acknowledged.",
                        "Nothing was promoted.",
                        "Start a Patroni node that commits waited for and try again, or restore the server from a backup.")
                .lasting());
        return ordered("/failover", Map.of("candidate", candidate), candidate);
    }

    /** An order whose outcome Patroni does not tell is not given twice: what counts is who the primary is. */
    private Promoted ordered(String path, Map<String, Object> order, String name) {
        try {
            api.post(api.anyApi(), path, order, ORDER);
        } catch (FailureException e) {
            if (!becomesPrimary(name, api.round())) {
                throw e;
            }
        }
        if (!becomesPrimary(name, api.election())) {
            throw new Failure(
                            "not-promoted",
                            "Patroni has taken the order and %s is not the primary yet.".formatted(name),
                            "Nothing is lost by that; Patroni may still be at it.",
                            "Look at patronictl list, then try again.")
                    .passing();
        }
        return Promotion.found(election.server(member(name)), clock);
    }

    private boolean becomesPrimary(String name, Duration patience) {
        return Pause.until(patience, () -> election.leader().filter(member -> member.name().equals(name)).isPresent());
    }

    @Override
    public Loss loss(@Nullable String old, Promoted promoted, @Nullable Instant lastAlive) {
        return promoted.lossless() ? Loss.NONE : LostWal.unknown(promoted, lastAlive, api.synchronous());
    }

    /** Patroni rewinds and restarts by itself; what it cannot is left to people, as copying anew removes what a node has. */
    @Override
    public List<Rebuilt> rebuild(String incident, Progress progress) {
        String primary = election.awaitLeader().map(Member::name).orElseThrow(() -> noPrimary().passing());
        Pause.until(api.election(), () -> apart().isEmpty());
        List<NodeState> apart = apart();
        if (!apart.isEmpty()) {
            throw new Failure(
                            "not-streaming",
                            "Patroni has not brought back: %s.".formatted(apart.stream().map(this::words).collect(Collectors.joining("; "))),
                            "The service works on %s without it; its data is as it was.".formatted(primary),
                            "Start its Patroni, or look into its log; firedrill rejoin SERVICE NODE copies it anew. Then try again.")
                    .lasting();
        }
        return look().stream()
                .filter(NodeState::standby)
                .map(state -> new Rebuilt(state.node(), "streaming", "%s streams from %s".formatted(state.node(), primary)))
                .toList();
    }

    private List<NodeState> apart() {
        return look().stream().filter(state -> !state.primary() && !state.streaming()).toList();
    }

    private String words(NodeState state) {
        String patroni = api.members().stream().filter(member -> member.name().equals(state.node())).findFirst()
                .map(member -> "Patroni says '%s'".formatted(member.state()))
                .orElse(state.note());
        return "%s (%s)".formatted(state.node(), patroni);
    }

    /** Patroni sets its servers itself. */
    @Override
    public List<Need> needs(String node) {
        member(node);
        return List.of();
    }

    @Override
    public void prepare(List<Need> needs) {
        // Patroni's own configuration does.
    }

    private static Failure noPrimary() {
        return new Failure(
                "no-primary", "No node answers as primary.", "No standby was touched.", "Patroni may be electing one; it is tried again.");
    }

    @Override
    public Rebuilt rejoin(String node, String incident, Progress progress) {
        Member leader = election.awaitLeader().orElseThrow(() -> noPrimary().passing());
        if (leader.name().equals(node)) {
            throw new Failure(
                            "is-primary",
                            "%s is the primary.".formatted(node),
                            "Nothing was changed.",
                            "Switch over to another node first, or name the node that is to become a standby.")
                    .lasting();
        }
        Pause.until(api.election(), () -> streams(node) || member(node).broken());
        if (streams(node)) {
            return new Rebuilt(node, "streaming", "%s streams from %s".formatted(node, leader.name()));
        }
        URI its = member(node).api().filter(api::answers).orElseThrow(() -> new Failure(
                        "node-unreachable",
                        "The Patroni of %s does not answer.".formatted(node),
                        "%s is no standby; the service works without it.".formatted(node),
                        "Start Patroni there; it makes the server a standby again by itself.")
                .lasting());
        progress.at("copying the primary to %s".formatted(node), 0, 0, "bytes");
        api.post(its, "/reinitialize", Map.of("force", true), ORDER);
        if (!Pause.until(REBUILD, () -> streams(node))) {
            throw new Failure(
                            "not-streaming",
                            "%s was copied anew and does not stream.".formatted(node),
                            "It is no standby yet; the service works without it.",
                            "Look into the log of its Patroni, then try again.")
                    .lasting();
        }
        return new Rebuilt(node, "rebuilt", "%s copied anew from the primary by Patroni".formatted(node));
    }

    private boolean streams(String node) {
        return look().stream().anyMatch(state -> state.node().equals(node) && state.streaming());
    }

    @Override
    public Promoted switchOver(String to) {
        member(to);
        Member leader = election.leader().orElseThrow(() -> noPrimary().passing());
        if (leader.name().equals(to)) {
            return Promotion.found(election.server(leader), clock).withoutLoss();
        }
        // The old primary's last record goes to who is connected when it stops.
        if (!streams(to)) {
            throw new Failure(
                            "not-streaming",
                            "%s does not stream from %s.".formatted(to, leader.name()),
                            "Nothing was changed.",
                            "Wait until it does, or switch over to another: firedrill replication SERVICE")
                    .lasting();
        }
        return ordered("/switchover", Map.of("leader", leader.name(), "candidate", to), to).withoutLoss();
    }

    private Member member(String name) {
        List<Member> members = api.members();
        return members.stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow(() -> UnknownName.failure("node", name, members.stream().map(Member::name).toList()).lasting());
    }
}
