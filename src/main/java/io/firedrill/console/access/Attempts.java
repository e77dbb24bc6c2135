package io.firedrill.console.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Slows down guessing. After some failures in a row a name is locked, twice as long with each further one; an address
 * that fails often is refused for a while, whatever names it tries. Names that do not exist are locked like others, so
 * that nobody learns which do.
 */
interface Attempts {
    int FAILURES_BEFORE_LOCK = 5;
    Duration FIRST_LOCK = Duration.ofMinutes(1);
    Duration LONGEST_LOCK = Duration.ofMinutes(15);
    int FAILURES_PER_ADDRESS = 30;
    Duration ADDRESS_WINDOW = Duration.ofMinutes(5);

    /** Until when this name or this address is refused; empty when it may try. */
    Optional<Instant> refusedUntil(String name, String address);

    void failed(String name, String address);

    /** A failure without a name: a wrong token or link. */
    void failedFrom(String address);

    void succeeded(String name);

    /** Until when a name is locked after so many failures in a row; long ago when it is not. */
    static Instant lockedUntil(int failures, Instant now) {
        if (failures < FAILURES_BEFORE_LOCK) {
            return Instant.EPOCH;
        }
        Duration lock = FIRST_LOCK.multipliedBy(1L << Math.min(10, failures - FAILURES_BEFORE_LOCK));
        return now.plus(lock.compareTo(LONGEST_LOCK) < 0 ? lock : LONGEST_LOCK);
    }
}
