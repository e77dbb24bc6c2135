package io.firedrill.recovery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A server restored beside the damaged one.
 *
 * @param server the plan's name of it
 * @param lsn up to which WAL was replayed; {@code newest} commit in that, or null
 * @param complete whether that is all the damaged server wrote, as far as can be told
 */
public record ServerRestored(
        String server, String beside, String lsn, @Nullable Instant newest, boolean complete, double seconds, long bytes) {}
