package io.firedrill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RatiosTest {
    private final Map<String, Measurement> rows = Map.of(
            "one", new Measurement("one", 4, 6, 1, 1),
            "other", new Measurement("other", 10, 12, 1, 1),
            "quicker", new Measurement("quicker", 8, 24, 1, 1));

    @Test
    void theQuickestOfTheOthersCounts() {
        Ratios ratios = new Ratios(rows);
        ratios.put("r", "one", "other", "quicker");
        assertThat(ratios.all()).containsExactly(Map.entry("r", 0.5), Map.entry("rCpu", 0.25));
    }

    @Test
    void withoutARowThereIsNoRatio() {
        Ratios ratios = new Ratios(rows);
        ratios.put("r", "missing", "other");
        ratios.put("s", "one", "missing");
        assertThat(ratios.all()).isEmpty();
    }
}
