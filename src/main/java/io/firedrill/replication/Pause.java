package io.firedrill.replication;

import io.firedrill.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Waiting for servers, which tell nobody when they are ready. */
final class Pause {
    private Pause() {}

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "The step was cancelled.", "What it did so far stays done.", "It is found when it is tried again.")
                    .passing(e);
        }
    }

    /** Whether it became true in time. */
    static boolean until(Duration patience, BooleanSupplier holds) {
        Instant end = Instant.now().plus(patience);
        while (!holds.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            of(Duration.ofMillis(100));
        }
        return true;
    }
}
