package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");

    @Test
    void decisionsOpenAtTheSameTimeCountOnce() {
        Timeline timeline = Timeline.of(
                List.of(step("user-task", 10, 30L), step("user-task", 20, 40L), step("service-task", 0, 100L)),
                START,
                START.plusSeconds(100));
        assertThat(timeline).isEqualTo(new Timeline(START, START.plusSeconds(100), 3, 30, 70));
    }

    @Test
    void whatLiesOutsideTheStretchDoesNotCount() {
        Timeline timeline = Timeline.of(
                List.of(step("user-task", -50, 10L), step("user-task", 90, null), step("user-task", 200, 300L)),
                START,
                START.plusSeconds(100));
        assertThat(timeline.steps()).isEqualTo(2);
        assertThat(timeline.peopleSeconds()).isEqualTo(20);
        assertThat(timeline.machineSeconds()).isEqualTo(80);
    }

    @Test
    void anEndBeforeTheBeginningIsNoTime() {
        Timeline timeline = Timeline.of(List.of(step("user-task", 0, 5L)), START, START.minusSeconds(1));
        assertThat(timeline.peopleSeconds()).isZero();
        assertThat(timeline.machineSeconds()).isZero();
    }

    private static Step step(String type, long from, @Nullable Long to) {
        return new Step(
                from, "e", "n", type, 1, "p", to == null ? "active" : "done", START.plusSeconds(from),
                to == null ? null : START.plusSeconds(to), null, 1, null, null, null, null);
    }
}
