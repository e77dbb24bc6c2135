package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long one call waits for a store that went away to come back, so that a server's restart or a "slow down" in the
 * middle of a backup of hours does not cost the hours. What lasts longer is told, and the engine tries again later.
 *
 * @param first pause after the first failure; doubled each time up to {@code longest}
 * @param total no new try begins after this time
 */
record Patience(Duration first, Duration longest, Duration total) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(3));

    /** Calls again as long as the failure is a passing one. */
    <T> T wait(Supplier<T> call) {
        long giveUp = System.nanoTime() + total.toNanos();
        Duration pause = first;
        while (true) {
            try {
                return call.get();
            } catch (FailureException e) {
                if (!e.passing() || System.nanoTime() + pause.toNanos() > giveUp) {
                    throw e;
                }
                sleep(pause, e);
            }
            pause = pause.multipliedBy(2).compareTo(longest) > 0 ? longest : pause.multipliedBy(2);
        }
    }

    private static void sleep(Duration pause, FailureException because) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw because;
        }
    }
}
