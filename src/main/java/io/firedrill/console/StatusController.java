package io.firedrill.console;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.engine.EngineStartup;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/status}: each service with its objective and the truth, and what waits for people. */
@RestController
@RequestMapping("/api/status")
final class StatusController {
    private final RecoveryPlan plan;
    private final EngineStartup engine;
    private final History history;
    private final Catalog catalog;
    private final Clock clock;

    StatusController(RecoveryPlan plan, EngineStartup engine, History history, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.engine = engine;
        this.history = history;
        this.catalog = catalog;
        this.clock = clock;
    }

    record Engine(String state, String address, String version) {}

    record StateDatabase(String state) {}

    /**
     * @param newestBackup newest verified backup of the source that was backed up longest ago; null when one has none
     * @param withinRpo whether that is young enough
     */
    record ServiceStatus(
            String name,
            long rpoSeconds,
            long rtoSeconds,
            @Nullable Instant newestBackup,
            @Nullable Long backupAgeSeconds,
            boolean withinRpo,
            int backups) {}

    record Plan(String file, String digest, List<ServiceStatus> services) {}

    record Status(
            String version, Engine engine, StateDatabase stateDatabase, Plan plan, long running, long waiting) {}

    @GetMapping
    Status status() {
        Optional<List<Run>> runs = openRuns();
        return new Status(
                Optional.ofNullable(getClass().getPackage().getImplementationVersion()).orElse("development"),
                new Engine(engine.state(), engine.address(), engine.version()),
                new StateDatabase(runs.isPresent() ? "up" : "down"),
                new Plan(
                        plan.file().toString(),
                        plan.digest(),
                        plan.services().values().stream().map(this::of).toList()),
                runs.map(List::size).orElse(0),
                runs.isPresent() ? history.openTasks(null).size() : 0);
    }

    private Optional<List<Run>> openRuns() {
        try {
            return Optional.of(history.runs(RunFilter.all()).stream().filter(run -> run.endedAt() == null).toList());
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

    private ServiceStatus of(Service service) {
        List<CatalogEntry> entries = catalog.list(service.name());
        Optional<Instant> newest = oldestOfTheNewest(service, entries);
        Optional<Duration> age = newest.map(at -> Duration.between(at, clock.instant()));
        return new ServiceStatus(
                service.name(),
                service.objectives().rpo().toSeconds(),
                service.objectives().rto().toSeconds(),
                newest.orElse(null),
                age.map(Duration::toSeconds).orElse(null),
                age.isPresent() && age.get().compareTo(service.objectives().rpo()) <= 0,
                entries.size());
    }

    private static Optional<Instant> oldestOfTheNewest(Service service, List<CatalogEntry> entries) {
        List<Optional<Instant>> newest = java.util.stream.Stream.concat(
                        service.databases().keySet().stream(), service.fileSets().keySet().stream())
                .map(source -> entries.stream()
                        .filter(entry -> entry.state() == CatalogEntry.State.VERIFIED)
                        .filter(entry -> entry.manifest().source().equals(source))
                        .map(entry -> entry.manifest().snapshotAt())
                        .max(Instant::compareTo))
                .toList();
        return newest.stream().allMatch(Optional::isPresent)
                ? newest.stream().map(Optional::get).min(Instant::compareTo)
                : Optional.empty();
    }
}
