package io.firedrill.console;

import io.firedrill.replication.NodeState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The standbys in numbers, at {@code /actuator/prometheus}; names and units as docs/metrics.md lists them. */
final class ReplicationMetrics {
    private final MultiGauge lagBytes;
    private final MultiGauge lagSeconds;
    private final MultiGauge streaming;
    private final MultiGauge primary;

    ReplicationMetrics(MeterRegistry registry) {
        lagBytes = gauge(registry, "lag.bytes", "WAL that the primary has and this standby has not replayed");
        lagSeconds = gauge(registry, "lag.seconds", "Since the last transaction that this standby replayed, 0 when it lacks nothing");
        streaming = gauge(registry, "streaming", "1 when this standby receives from a primary");
        primary = gauge(registry, "primary", "1 when this server takes writes");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder("firedrill.replication." + name).description(description).register(registry);
    }

    void update(Map<String, List<NodeState>> states) {
        rows(lagBytes, states, state -> state.lagBytes() == null ? Stream.of() : Stream.of(state.lagBytes().doubleValue()));
        rows(lagSeconds, states, state -> state.lagSeconds() == null ? Stream.of() : Stream.of(state.lagSeconds()));
        rows(streaming, states, state -> state.primary() ? Stream.of() : Stream.of(state.streaming() ? 1.0 : 0.0));
        rows(primary, states, state -> Stream.of(state.primary() ? 1.0 : 0.0));
    }

    private static void rows(MultiGauge gauge, Map<String, List<NodeState>> states, Function<NodeState, Stream<Double>> value) {
        gauge.register(
                states.entrySet().stream()
                        .flatMap(service -> service.getValue().stream().flatMap(state -> value.apply(state).<MultiGauge.Row<?>>map(
                                number -> MultiGauge.Row.of(Tags.of("service", service.getKey(), "node", state.node()), number))))
                        .toList(),
                true);
    }
}
