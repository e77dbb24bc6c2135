package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of these was accepted, with a next date in the future, by the timer of Zeebe 8.6.0 (CronTimer). */
class CronTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 2 * * *",
                "*/10 * * * * *",
                "0 0/15 * * * *",
                "0 5/15 8-18 * * MON-FRI",
                "0 0 2 ? * MON",
                "0 0 2 * * ?",
                "0 0 3 * * SUN",
                "0 0 3 * * sun",
                "0 0 3 * JAN-MAR *",
                "0 0 3 * * 0",
                "0 0 3 * * 7",
                "0 0 3 * * 5-7",
                "0 0 3 * * FRI-SUN",
                "0 0 3 L * *",
                "0 0 3 L-3 * *",
                "0 0 3 LW * *",
                "0 0 3 15W * *",
                "0 0 3 * * 5L",
                "0 0 3 * * FRIL",
                "0 0 3 * * FRI#2",
                "0 0 3 1,15 * *",
                "0 0 3 1,L * *",
                "0 0 3 1-31/2 * *",
                "0 0 2 29 2 *",
                "0 0 2 31 1,4 *",
                "0 0 2 1 * MON",
                "0 01 02 * * *",
                "0 0 2 * * MON-FRI/2",
                "0 0 2 * * MON#1,FRI#2",
                "0 0 2 * * WED",
                "0 0 2 13 * WED"
            })
    void aScheduleThatTheEngineTakesIsGood(String cron) {
        assertThat(Cron.problem(cron)).isEmpty();
    }
}
