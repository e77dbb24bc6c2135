package io.firedrill.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** How many times another's time one takes, as seconds and, named {@code …Cpu}, as processor seconds. */
final class Ratios {
    private final Map<String, Measurement> rows;
    private final Map<String, Double> ratios = new LinkedHashMap<>();

    Ratios(Map<String, Measurement> rows) {
        this.rows = rows;
    }

    /** @param others the quickest of them counts; nothing is put when a row is missing */
    void put(String name, String one, String... others) {
        Measurement measured = rows.get(one);
        Arrays.stream(others)
                .map(rows::get)
                .filter(Objects::nonNull)
                .min(Comparator.comparingDouble(Measurement::seconds))
                .filter(other -> measured != null)
                .ifPresent(other -> {
                    ratios.put(name, measured.seconds() / other.seconds());
                    ratios.put(name + "Cpu", measured.processorSeconds() / other.processorSeconds());
                });
    }

    Map<String, Double> all() {
        return ratios;
    }
}
