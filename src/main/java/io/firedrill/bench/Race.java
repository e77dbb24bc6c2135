package io.firedrill.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Runs contenders one after the other, in turning order, and keeps each one's best round. */
final class Race {
    private final ProcessorTime processors;
    private final Set<Long> servers;
    private final Runnable before;
    private final Consumer<Measurement> told;
    private final Map<String, Measurement> best = new LinkedHashMap<>();

    /**
     * @param servers processes whose memory does not count
     * @param before brings everything to rest, called before each run is measured
     * @param told hears every result
     */
    Race(ProcessorTime processors, Set<Long> servers, Runnable before, Consumer<Measurement> told) {
        this.processors = processors;
        this.servers = servers;
        this.before = before;
        this.told = told;
    }

    /** @return by the row's name, that of the round with the fewest seconds */
    Map<String, Measurement> run(List<Contender> contenders, int rounds) {
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 0; round < rounds; round++) {
            order.forEach(this::once);
            order = order.reversed();
        }
        return best;
    }

    private void once(Contender contender) {
        try {
            contender.prepare();
            before.run();
            try (PeakMemory memory = new PeakMemory(servers)) {
                double processorsBefore = processors.seconds();
                long began = System.nanoTime();
                contender.run((row, bytes) -> keep(new Measurement(
                        row, (System.nanoTime() - began) / 1e9, processors.seconds() - processorsBefore, memory.bytes(), bytes)));
            }
        } finally {
            contender.tidy();
        }
    }

    private void keep(Measurement result) {
        told.accept(result);
        best.merge(result.what(), result, (a, b) ->
                List.of(a, b).stream().min(Comparator.comparingDouble(Measurement::seconds)).orElseThrow());
    }
}
