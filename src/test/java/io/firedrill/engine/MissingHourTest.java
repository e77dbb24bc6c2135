package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MissingHourTest {
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(strings = {"0 0 2 * * *", "0 30 2 * * *", "59 59 2 * * *", "0 30 2 * * SUN", "0 15 1,2 * * *"})
    void aStartTimeThatDoesNotExistIsMadeUpForWhenTheClocksChange(String cron) {
        assertThat(MissingHour.madeUpFor(cron, BERLIN, NOW)).containsExactly(
                OffsetDateTime.parse("2027-03-28T03:00:00+02:00"),
                OffsetDateTime.parse("2028-03-26T03:00:00+02:00"),
                OffsetDateTime.parse("2029-03-25T03:00:00+02:00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 3 * * *", "0 0 1 * * *", "0 0/15 * * * *", "0 0 * * * *", "0 30 2 * * MON", "0 30 2,3 * * *"})
    void whatExistsOrComesSoonAnywayIsNot(String cron) {
        assertThat(MissingHour.madeUpFor(cron, BERLIN, NOW)).isEmpty();
    }

    @Test
    void whereClocksNeverChangeNothingIsMissed() {
        assertThat(MissingHour.madeUpFor("0 30 2 * * *", ZoneId.of("UTC"), NOW)).isEmpty();
        assertThat(MissingHour.madeUpFor("0 30 2 * * *", ZoneId.of("Asia/Tokyo"), NOW)).isEmpty();
    }

    @Test
    void onlyWhatIsStillToComeIsATimer() {
        Instant after = Instant.parse("2027-03-28T01:00:00Z");
        assertThat(MissingHour.madeUpFor("0 30 2 * * *", BERLIN, after)).first()
                .isEqualTo(OffsetDateTime.parse("2028-03-26T03:00:00+02:00"));
    }
}
