package io.firedrill.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TimesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T08:45:12Z");
    private final Times times = new Times(Clock.fixed(NOW, ZoneId.of("Europe/Berlin")));

    @Test
    void momentsOfTodayAreShownInTheLocalZoneWithoutTheDay() {
        assertThat(times.at(NOW)).isEqualTo("09:45:12");
    }

    @Test
    void otherDaysAreNamedEvenWhenTheyAreOnlyAnotherDayInTheLocalZone() {
        assertThat(times.at(Instant.parse("2026-11-22T22:59:59Z"))).isEqualTo("2026-11-22 23:59:59");
        assertThat(times.at(Instant.parse("2026-11-22T23:00:00Z"))).isEqualTo("00:00:00");
    }

    @Test
    void distancesAreRoughAndSayTheirDirection() {
        assertThat(times.ago(NOW.minusSeconds(2))).isEqualTo("just now");
        assertThat(times.ago(NOW.minusSeconds(40))).isEqualTo("40 s ago");
        assertThat(times.ago(NOW.minus(Duration.ofMinutes(3).plusSeconds(59)))).isEqualTo("3 min ago");
        assertThat(times.ago(NOW.minus(Duration.ofHours(47)))).isEqualTo("47 h ago");
        assertThat(times.ago(NOW.minus(Duration.ofDays(2)))).isEqualTo("2 d ago");
        assertThat(times.ago(NOW.plus(Duration.ofMinutes(10)))).isEqualTo("in 10 min");
    }
}
