package io.firedrill.console;

import io.firedrill.backup.Standing;
import io.firedrill.engine.StepWorkers;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.RecoveryPlan;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Stream;

/** The backups in numbers, at {@code /actuator/prometheus}; names and units as docs/metrics.md lists them. */
final class BackupMetrics {
    private final MeterRegistry registry;
    private final List<Measure> measures = new ArrayList<>();
    private final MultiGauge byStore;

    /** One number of each standing; no row where it is not known. */
    private record Measure(MultiGauge gauge, Function<Standing, Stream<Double>> value) {}

    BackupMetrics(MeterRegistry registry, RecoveryPlan plan, Notifier notifier, StepWorkers workers) {
        this.registry = registry;
        objectives(plan);
        counters(notifier, workers);
        byStore = MultiGauge.builder("firedrill.backup.last.success.timestamp.seconds")
                .description("When the newest good backup in this store is from, seconds since 1970")
                .register(registry);
        add("allowed.age.seconds", "How old the newest good backup may be before people are told",
                s -> Stream.of((double) s.allowed().toSeconds()));
        add("overdue", "1 when the newest good backup is older than allowed, or there is none",
                s -> Stream.of(s.overdue(Instant.now()) ? 1.0 : 0.0));
        add("duration.seconds", "How long the newest good backup took", s -> s.newest().stream().map(n -> n.seconds()));
        add("size.bytes", "Size of the newest good backup before compression", s -> s.newest().stream().map(n -> (double) n.bytes()));
        add("stored.size.bytes", "Size of the newest good backup as stored", s -> s.newest().stream().map(n -> (double) n.storedBytes()));
        add("rate.bytes.per.second", "How fast the newest good backup was taken, before compression",
                s -> s.newest().stream().filter(n -> n.seconds() > 0).map(n -> n.bytes() / n.seconds()));
        add("quarantined", "Backups that failed a check and wait for a person", s -> Stream.of((double) s.quarantined()));
        add("held", "Backups under legal hold", s -> Stream.of((double) s.held()));
        add("oldest.check.timestamp.seconds", "When the copy was read back that was read back longest ago; missing while one never was",
                s -> s.oldestCheck().stream().map(BackupMetrics::seconds));
    }

    private void add(String name, String description, Function<Standing, Stream<Double>> value) {
        measures.add(new Measure(MultiGauge.builder("firedrill.backup." + name).description(description).register(registry), value));
    }

    private void objectives(RecoveryPlan plan) {
        plan.services().values().forEach(service -> {
            Tags tags = Tags.of("service", service.name());
            Gauge.builder("firedrill.objective.rpo.seconds", service, s -> s.objectives().rpo().toSeconds())
                    .description("How much time's worth of data may be lost").tags(tags).strongReference(true).register(registry);
            Gauge.builder("firedrill.objective.rto.seconds", service, s -> s.objectives().rto().toSeconds())
                    .description("How long the service may be away").tags(tags).strongReference(true).register(registry);
        });
    }

    private void counters(Notifier notifier, StepWorkers workers) {
        FunctionCounter.builder("firedrill.notifications", notifier, Notifier::delivered)
                .description("Messages that a target took").tag("result", "delivered").register(registry);
        FunctionCounter.builder("firedrill.notifications", notifier, Notifier::failed)
                .description("Messages that a target took").tag("result", "failed").register(registry);
        workers.failures().forEach((step, count) -> FunctionCounter.builder("firedrill.step.failures", count, LongAdder::sum)
                .description("Failed tries of a step of a process").tag("step", step).register(registry));
    }

    void update(List<Standing> standings) {
        for (Measure measure : measures) {
            measure.gauge().register(
                    standings.stream()
                            .flatMap(s -> measure.value().apply(s).<MultiGauge.Row<?>>map(value -> MultiGauge.Row.of(tags(s), value)))
                            .toList(),
                    true);
        }
        byStore.register(
                standings.stream()
                        .flatMap(s -> s.newestGoodByStore().entrySet().stream().<MultiGauge.Row<?>>map(
                                entry -> MultiGauge.Row.of(tags(s).and("store", entry.getKey()), seconds(entry.getValue()))))
                        .toList(),
                true);
    }

    private static Tags tags(Standing standing) {
        return Tags.of("service", standing.service(), "source", standing.source(), "kind", standing.kind().word());
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / 1000.0;
    }
}
