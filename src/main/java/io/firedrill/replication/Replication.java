package io.firedrill.replication;

import io.firedrill.tool.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The servers of one service, whoever manages them. Every method may be called again after a crash at any point: what is
 * done already is found and left.
 */
public interface Replication {
    /** All nodes, the primary's first if there is one; a node that does not answer within seconds is {@code down}. */
    List<NodeState> look();

    /**
     * Looks, for as long as the plan's {@code deadAfter}, whether the primary is gone.
     *
     * @param to the node that a person wants promoted, or null for the one with the most WAL
     */
    Verdict witness(@Nullable String to);

    /** How the old primary was kept from taking writes again; {@code how} is one sentence. */
    record Fenced(String node, Instant fencedAt, String how) {}

    /**
     * Makes sure that this node takes no writes, now and after any restart.
     *
     * @param byHand who has said that it was done by hand, or null
     * @throws io.firedrill.failure.FailureException {@code not-fenced} when nothing shows that it was
     */
    Fenced fence(String node, @Nullable String byHand);

    /**
     * @param lsn where its timeline branched off the old primary's
     * @param replayedAt when the last transaction that it has was committed, or null
     * @param lossless whether it was promoted only after it had everything
     * @param unheard standbys that commits may have waited for instead of this one and that did not answer when it was chosen:
     *     what was acknowledged may be there alone
     */
    record Promoted(
            String node,
            String address,
            long timeline,
            long oldTimeline,
            String lsn,
            @Nullable Instant replayedAt,
            Instant promotedAt,
            boolean lossless,
            List<String> unheard) {
        public Promoted {
            unheard = unheard == null ? List.of() : List.copyOf(unheard);
        }

        Promoted withoutLoss() {
            return new Promoted(node, address, timeline, oldTimeline, lsn, replayedAt, promotedAt, true, List.of());
        }

        Promoted withUnheard(List<String> nodes) {
            return new Promoted(node, address, timeline, oldTimeline, lsn, replayedAt, promotedAt, lossless, nodes);
        }
    }

    /** Promotes the standby with the most WAL, or the named one, unless one of them is the primary already. */
    Promoted promote(@Nullable String old, @Nullable String to);

    /**
     * What the new primary lacks.
     *
     * @param transactions committed on the old primary and not on the new; null when the old one's WAL cannot be read
     * @param walBytes of the old primary's WAL after the branch; null likewise
     * @param exact read from the old primary's own WAL, or zero because commits waited for the standby
     * @param seconds from the last commit that is there to the last that is not; when not exact, at most that
     */
    record Loss(@Nullable Long transactions, @Nullable Long walBytes, boolean exact, double seconds, String text) {
        static final Loss NONE = new Loss(0L, 0L, true, 0, "nothing is missing: it had everything when it was promoted");
    }

    Loss loss(@Nullable String old, Promoted promoted, @Nullable Instant lastAlive);

    /** @param how {@code streaming} already, {@code repointed}, {@code rewound}, {@code rebuilt} or {@code started} */
    record Rebuilt(String node, String how, String text) {}

    /**
     * Makes every other node a standby of the primary again.
     *
     * @param incident names what is set aside
     */
    List<Rebuilt> rebuild(String incident, Progress progress);

    /** What the primary lacks for this node to follow it; empty when nothing. Changes nothing. */
    List<Need> needs(String node);

    /** Sets what was approved. */
    void prepare(List<Need> needs);

    /** Makes this node a standby of the primary, whatever it was. Its own data is set aside, not removed. */
    Rebuilt rejoin(String node, String incident, Progress progress);

    /** Hands over to this standby without loss: nothing is promoted that has not all that the primary wrote. */
    Promoted switchOver(String to);
}
