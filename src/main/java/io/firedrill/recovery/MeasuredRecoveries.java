package io.firedrill.recovery;

import java.util.Optional;

/** How long restoring a service really took. */
@FunctionalInterface
public interface MeasuredRecoveries {
    MeasuredRecoveries NONE = service -> Optional.empty();

    /** The newest that was proven; nothing when there is none or it cannot be known now. Never throws. */
    Optional<Took> latest(String service);

    /**
     * @param bytes restored
     * @param seconds from the start of the restore to the end of the proof
     * @param by which run it was, e.g. {@code DRILL-20261123-084512-shop}
     */
    record Took(long bytes, double seconds, String by) {}
}
