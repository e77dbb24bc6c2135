package io.firedrill.replication;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.replication.PatroniApi.Change;
import io.firedrill.replication.PatroniApi.Member;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who Patroni has made the primary: it decides by its lease in the DCS, and is given all the time that it needs. */
final class PatroniElection {
    /** A failover that Patroni did so long ago is not what somebody asks about now. */
    private static final Duration RECENT = Duration.ofMinutes(15);

    private final ReplicationPlan.Patroni plan;
    private final PatroniApi api;
    private final Clock clock;

    PatroniElection(ReplicationPlan.Patroni plan, PatroniApi api, Clock clock) {
        this.plan = plan;
        this.api = api;
        this.clock = clock;
    }

    NodeServer server(Member member) {
        return new NodeServer(member.name(), plan.database().at(new Database.Address(member.host(), member.port())));
    }

    /** Who holds the lease and takes writes. */
    Optional<Member> leader() {
        try {
            return holder().filter(Member::running).filter(member -> server(member).look().state().primary());
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

    /** A dead leader is in Patroni's list until its lease has run out. */
    private Optional<Member> holder() {
        return api.members().stream().filter(Member::leader).findFirst();
    }

    Optional<Member> awaitLeader() {
        AtomicReference<Optional<Member>> found = new AtomicReference<>(leader());
        if (found.get().isEmpty()) {
            Pause.until(api.election(), () -> {
                found.set(leader());
                return found.get().isPresent();
            });
        }
        return found.get();
    }

    /** @param candidate gives the standby that Patroni would be asked to promote if it does not by itself */
    Verdict witness(Supplier<Optional<NodeState>> candidate) {
        Instant began = clock.instant();
        String before = holder().map(Member::name).orElse(null);
        Optional<Member> leader = awaitLeader();
        if (leader.isPresent()) {
            return promotedLately(leader.get(), before, began).orElseGet(() -> alive(leader.get()));
        }
        Optional<Member> holder = holder();
        if (holder.isPresent()) {
            return withPatroni(holder.get());
        }
        String why = api.paused() ? "Patroni is paused and promotes nobody by itself" : "Patroni has no leader and finds none";
        return new Verdict(true, before != null ? before : lastKnown(), null, candidate.get().orElse(null), began,
                List.of(Witness.gone("Patroni", why), Witness.gone("each server", "none takes writes")), "software",
                "There is no primary: %s.".formatted(why));
    }

    private Optional<Verdict> promotedLately(Member leader, @Nullable String before, Instant now) {
        NodeState state = server(leader).look().state();
        boolean seen = before != null && !before.equals(leader.name());
        Optional<Change> change = change(state.timeline()).filter(last -> seen || last.at().isAfter(now.minus(RECENT)));
        if (change.isEmpty() && !seen) {
            return Optional.empty();
        }
        Instant at = change.map(Change::at).orElse(now);
        String text = "Patroni has made %s the primary at %s.".formatted(leader.name(), at);
        return Optional.of(new Verdict(true, seen ? before : predecessor(leader.name()), leader.name(), state, at,
                List.of(Witness.gone("Patroni", text)), "software", text));
    }

    /** A new leader writes how it became one at its next look; what a node then tells may be older yet. */
    private Optional<Change> change(long timeline) {
        if (timeline < 2) {
            return Optional.empty();
        }
        AtomicReference<Optional<Change>> newest = new AtomicReference<>(Optional.empty());
        Pause.until(api.round(), () -> {
            newest.set(api.history().stream().filter(change -> change.timeline() == timeline - 1).findFirst());
            return newest.get().isPresent();
        });
        return newest.get();
    }

    private Verdict alive(Member leader) {
        Witness witness = Witness.alive("Patroni", "%s holds the lease and takes writes".formatted(leader.name()));
        return new Verdict(false, leader.name(), null, null, clock.instant(), List.of(witness), "unknown",
                "The primary %s works.".formatted(leader.name()));
    }

    /** Patroni restarts a crashed primary first, and sees one that only we do not reach. */
    private Verdict withPatroni(Member holder) {
        String text = "Patroni leaves the lease with %s, which is %s to it and takes no writes from here".formatted(holder.name(), holder.state());
        return new Verdict(false, holder.name(), null, null, clock.instant(), List.of(Witness.alive("Patroni", text)), "unknown",
                text + "; it decides whether another becomes the primary.");
    }

    /** Who was the primary before this one, as far as Patroni remembers: it does not name the very first. */
    private @Nullable String predecessor(String leader) {
        return api.history().stream().map(Change::leader).filter(name -> !name.equals(leader)).reduce((first, last) -> last).orElse(null);
    }

    private @Nullable String lastKnown() {
        return api.history().stream().map(Change::leader).reduce((first, last) -> last).orElse(null);
    }
}
