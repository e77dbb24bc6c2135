package io.firedrill.replication;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the primary is gone, and what could take over.
 *
 * @param primary name of the node that was it; null when nothing tells
 * @param promoted the node that another already made primary in its place, which then is all that is known to be left to do
 * @param candidate the standby that would be promoted; null when there is none
 * @param lastAlive until when the primary is known to have worked; null when nothing tells
 * @param cause {@code hardware} when its host or its data is gone, else {@code software}
 * @param text for people
 */
public record Verdict(
        boolean gone,
        @Nullable String primary,
        @Nullable String promoted,
        @Nullable NodeState candidate,
        @Nullable Instant lastAlive,
        List<Witness> witnesses,
        String cause,
        String text) {

    /**
     * Gone is what at least two witnesses say and none contradicts: a network in between silences one of them, not a
     * server's own host and its standbys together.
     */
    static boolean gone(List<Witness> witnesses) {
        return count(witnesses, "gone") >= 2 && count(witnesses, "alive") == 0;
    }

    /** Before a switchover: the primary works. */
    public static Verdict handingOver(List<NodeState> states, Instant now) {
        String primary = states.stream().filter(NodeState::primary).map(NodeState::node).findFirst().orElse(null);
        return new Verdict(false, primary, null, null, now, List.of(), "unknown", "The primary works and hands over.");
    }

    static String words(List<Witness> witnesses) {
        return witnesses.stream().map(one -> "%s: %s".formatted(one.who(), one.text())).collect(Collectors.joining("; "));
    }

    private static long count(List<Witness> witnesses, String says) {
        return witnesses.stream().filter(one -> one.says().equals(says)).count();
    }
}
