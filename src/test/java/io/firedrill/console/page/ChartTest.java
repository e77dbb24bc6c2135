package io.firedrill.console.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
    private static final Instant BEGAN = Instant.parse("2026-11-01T05:00:00Z");

    private static Chart.Point after(long days, double seconds, boolean met) {
        return new Chart.Point(BEGAN.plusSeconds(days * 86_400), seconds, met);
    }

    @Test
    void pointsLieWhereTheirTimeAndTheirSecondsPutThem() {
        Chart chart = Chart.of(List.of(after(0, 0, true), after(1, 100, true), after(4, 200, false)), 100);
        assertThat(chart.topSeconds()).isCloseTo(230, within(0.001));
        assertThat(chart.dots().stream().map(Chart.Dot::x)).containsExactly(20.0, 260.0, 980.0);
        assertThat(chart.dots().getFirst().y()).isEqualTo(Chart.HEIGHT);
        assertThat(chart.dots().get(1).y()).isEqualTo(chart.objectiveY());
        assertThat(chart.dots().getLast().y()).isBetween(0.0, chart.objectiveY());
        assertThat(chart.line()).startsWith("20.0,200.0 260.0,");
        assertThat(chart.missed()).isEqualTo(1);
        assertThat(chart.newest().seconds()).isEqualTo(200);
    }

    @Test
    void theObjectiveStaysInSightWhenAllIsFarBelowIt() {
        Chart chart = Chart.of(List.of(after(0, 3, true)), 1800);
        assertThat(chart.objectiveY()).isBetween(1.0, 50.0);
        assertThat(chart.dots().getFirst().x()).isEqualTo(Chart.WIDTH / 2);
    }

    @Test
    void withoutAnyDrillItIsEmpty() {
        assertThat(Chart.of(List.of(), 60).empty()).isTrue();
    }
}
