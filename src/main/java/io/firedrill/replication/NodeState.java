package io.firedrill.replication;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one server stood at one look.
 *
 * @param address host and port
 * @param role {@code primary}, {@code standby} or {@code down}
 * @param timeline 0 when not known
 * @param lsn a primary: what it has flushed; a standby: the furthest it has received or replayed; null when down
 * @param streaming whether a standby receives from a primary now
 * @param lagBytes of WAL that the primary has and this one has not replayed; null when one of both is not known
 * @param lagSeconds since the last transaction it replayed, 0 when it lacks nothing
 * @param replayedAt when the last transaction that it has replayed was committed
 * @param synchronous whether commits wait for it now
 * @param note why it is down, or what else is worth knowing; empty when nothing is
 */
public record NodeState(
        String node,
        String address,
        String role,
        long timeline,
        @Nullable String lsn,
        boolean streaming,
        @Nullable Long lagBytes,
        @Nullable Double lagSeconds,
        @Nullable Instant replayedAt,
        boolean synchronous,
        String note) {

    static NodeState down(String node, String address, String why) {
        return new NodeState(node, address, "down", 0, null, false, null, null, null, false, why);
    }

    public boolean primary() {
        return role.equals("primary");
    }

    public boolean standby() {
        return role.equals("standby");
    }
}
