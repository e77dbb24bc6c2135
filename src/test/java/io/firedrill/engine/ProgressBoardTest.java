package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.SetClock;
import io.firedrill.tool.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBoardTest {
    private final SetClock clock = new SetClock();
    private final ProgressBoard board = new ProgressBoard(clock);
    private final Progress progress = board.of(7);

    private double paceAt(long done) {
        progress.at("pg_dump", done, 1_000, "bytes");
        return board.standing(7).orElseThrow().perSecond();
    }

    @Test
    void thePaceIsThatOfTheLastSecondsNotOfTheWholeStep() {
        assertThat(paceAt(0)).isZero();
        clock.pass(Duration.ofSeconds(2));
        assertThat(paceAt(20)).isEqualTo(10);
        for (int i = 0; i < 20; i++) {
            clock.pass(Duration.ofSeconds(1));
            paceAt(20 + 5 * (i + 1));
        }
        assertThat(board.standing(7).orElseThrow().perSecond()).isEqualTo(5);
    }

    @Test
    void eachThingWorkedOnHasItsOwnPaceAndIsRememberedOnce() {
        paceAt(0);
        progress.at("proving shop.orders", 500, 1_000, "rows");
        clock.pass(Duration.ofSeconds(1));
        assertThat(paceAt(30)).isEqualTo(30);
        progress.at("proving shop.orders", 600, 1_000, "rows");
        assertThat(board.standing(7).orElseThrow().perSecond()).isEqualTo(100);
        assertThat(board.worked(7)).extracting(ProgressBoard.Began::what).containsExactly("pg_dump", "proving shop.orders");
    }

    @Test
    void ofManyThingsOnlyTheNewestAreRemembered() {
        for (int i = 0; i < 3 * Pace.REMEMBERED; i++) {
            progress.at("table " + i, 1, 1, "rows");
        }
        assertThat(board.worked(7)).hasSize(Pace.REMEMBERED);
        assertThat(board.worked(7).getLast().what()).isEqualTo("table " + (3 * Pace.REMEMBERED - 1));
    }

    @Test
    void aStepThatIsOverHasNoStanding() {
        paceAt(1);
        board.forget(7);
        assertThat(board.standing(7)).isEmpty();
        assertThat(board.all()).isEmpty();
        assertThat(board.worked(7)).isEmpty();
    }
}
