package io.firedrill.console.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.SetClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final String HERE = "127.0.0.1";

    private final SetClock clock = new SetClock();
    private final Attempts attempts = new AttemptsInMemory(clock);

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            attempts.failed(name, HERE);
        }
    }

    @Test
    void fourWrongPasswordsLockNobodyTheFifthLocksForAMinute() {
        fail("anna", 4);
        assertThat(attempts.refusedUntil("anna", HERE)).isEmpty();
        fail("anna", 1);
        assertThat(attempts.refusedUntil("anna", HERE)).contains(clock.instant().plus(Duration.ofMinutes(1)));
        clock.pass(Duration.ofSeconds(61));
        assertThat(attempts.refusedUntil("anna", HERE)).isEmpty();
    }

    @Test
    void eachFurtherFailureLocksTwiceAsLongUpToAQuarterOfAnHour() {
        fail("anna", 6);
        assertThat(attempts.refusedUntil("anna", HERE)).contains(clock.instant().plus(Duration.ofMinutes(2)));
        fail("anna", 14);
        assertThat(attempts.refusedUntil("anna", HERE)).contains(clock.instant().plus(Attempts.LONGEST_LOCK));
    }

    @Test
    void signingInForgetsWhatWentWrongBefore() {
        fail("anna", 4);
        attempts.succeeded("anna");
        fail("anna", 4);
        assertThat(attempts.refusedUntil("anna", HERE)).isEmpty();
    }

    @Test
    void anotherNameIsNotLockedAnAddressThatTriesManyNamesIs() {
        fail("anna", 5);
        assertThat(attempts.refusedUntil("ben", HERE)).isEmpty();
        for (int i = 0; i < Attempts.FAILURES_PER_ADDRESS; i++) {
            attempts.failed("name" + i, HERE);
        }
        assertThat(attempts.refusedUntil("ben", HERE)).isPresent();
        assertThat(attempts.refusedUntil("ben", "10.0.0.7")).isEmpty();
        clock.pass(Attempts.ADDRESS_WINDOW);
        assertThat(attempts.refusedUntil("ben", HERE)).isEmpty();
    }

    @Test
    void manyNamesFillNoMemory() {
        for (int i = 0; i < 20_000; i++) {
            attempts.failed("name" + i, "address" + i);
        }
        fail("anna", 5);
        assertThat(attempts.refusedUntil("anna", HERE)).isPresent();
    }
}
