package io.firedrill.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What verifying found.
 *
 * @param entries how many there are
 * @param headHash the newest entry's hash; empty when there is none
 * @param anchors how many anchors were compared
 * @param lastAnchored the newest entry that an anchor holds; 0 when none does
 * @param waiting actions on the server's disk that are not chained yet
 * @param first the first thing wrong; null: intact
 * @param findings all of them, at most {@value #MOST}
 */
public record Verdict(
        boolean intact, long entries, String headHash, int anchors, long lastAnchored, long waiting, @Nullable Finding first,
        List<Finding> findings) {
    static final int MOST = 50;

    /**
     * @param n the first entry that is wrong; 0 when it is no entry
     * @param kind {@code changed}, {@code removed}, {@code moved}, {@code not-chained}, {@code rewritten}, {@code anchor} or
     *     {@code record}
     */
    public record Finding(long n, String kind, String what) {}
}
