package io.firedrill.cli;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.Mistake;
import io.firedrill.plan.PlanException;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.Position;
import io.firedrill.plan.ReadPlan;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Repository;
import io.firedrill.plan.StorePlan;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.proof.PgConnections;
import io.firedrill.tool.PhysicalTool;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What must hold of a plan before anything is started with it. */
final class PlanCheck {
    private PlanCheck() {}

    /**
     * Reads the plan and opens a session on each of its databases. A store that does not answer is no reason not to start.
     *
     * @throws PlanException with every mistake
     */
    static RecoveryPlan thorough(Path file) {
        ReadPlan read = PlanReader.readWithPositions(file);
        return checked(read, databases(read));
    }

    /** As {@link #thorough}, and looks at each store and repository, whether it can do what the plan wants of it. */
    static RecoveryPlan withStores(Path file) {
        ReadPlan read = PlanReader.readWithPositions(file);
        List<Callable<Optional<Mistake>>> probes = new ArrayList<>(databases(read));
        probes.addAll(repositories(read));
        read.plan().stores().forEach((name, store) ->
                probes.add(probe(store, read.positions().positionOf("stores." + name))));
        return checked(read, probes);
    }

    private static List<Callable<Optional<Mistake>>> databases(ReadPlan read) {
        return read.plan().services().values().stream()
                .flatMap(service -> service.databases().values().stream().map(database -> probe(database,
                        read.positions().positionOf("services.%s.databases.%s.url".formatted(service.name(), database.name())))))
                .toList();
    }

    private static List<Callable<Optional<Mistake>>> repositories(ReadPlan read) {
        return read.plan().services().values().stream()
                .flatMap(service -> service.databases().values().stream().flatMap(database -> database.repository().stream()
                        .map(repository -> probe(repository, read.positions().positionOf("services.%s.databases.%s.%s"
                                .formatted(service.name(), database.name(), repository.tool().word()))))))
                .toList();
    }

    private static Callable<Optional<Mistake>> probe(Repository repository, Position place) {
        return () -> {
            try {
                PhysicalTool.of(repository).backups();
                return Optional.empty();
            } catch (FailureException e) {
                return Optional.of(place.mistake(e.failure().what(), e.failure().next()));
            }
        };
    }

    private static RecoveryPlan checked(ReadPlan read, List<Callable<Optional<Mistake>>> probes) {
        List<Mistake> mistakes = allAtOnce(probes);
        if (!mistakes.isEmpty()) {
            throw new PlanException(mistakes);
        }
        return read.plan();
    }

    private static Callable<Optional<Mistake>> probe(Database database, Position place) {
        return () -> {
            try (Connection connection = PgConnections.open(database)) {
                return Optional.empty();
            } catch (FailureException e) {
                return Optional.of(place.mistake(e.failure().what(), e.failure().next()));
            } catch (SQLException e) {
                return Optional.of(place.mistake(database.address() + ": " + e.getMessage(), "Check the server's log."));
            }
        };
    }

    private static Callable<Optional<Mistake>> probe(StorePlan plan, Position place) {
        return () -> {
            try (Store store = Stores.open(plan)) {
                store.requireReady();
                return Optional.empty();
            } catch (FailureException e) {
                return Optional.of(place.mistake(e.failure().what(), e.failure().next()));
            }
        };
    }

    /** Servers that do not answer cost one connection timeout together, not one each. */
    private static List<Mistake> allAtOnce(List<Callable<Optional<Mistake>>> probes) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(probes).stream().map(Future::resultNow).flatMap(Optional::stream).toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
