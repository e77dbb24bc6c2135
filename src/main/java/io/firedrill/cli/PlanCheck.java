package io.firedrill.cli;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.Mistake;
import io.firedrill.plan.PlanException;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.Position;
import io.firedrill.plan.ReadPlan;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.proof.PgConnections;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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
     * Reads the plan and opens a session on each of its databases.
     *
     * @throws PlanException with every mistake
     */
    static RecoveryPlan thorough(Path file) {
        ReadPlan read = PlanReader.readWithPositions(file);
        List<Callable<Optional<Mistake>>> probes = read.plan().services().values().stream()
                .flatMap(service -> service.databases().values().stream().map(database -> probe(database,
                        read.positions().positionOf("services.%s.databases.%s.url".formatted(service.name(), database.name())))))
                .toList();
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
