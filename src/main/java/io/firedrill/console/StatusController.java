package io.firedrill.console;

import io.firedrill.console.access.FirstSignIn;
import io.firedrill.engine.EngineStartup;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.physical.WalReceivers;
import io.firedrill.physical.WalStatus;
import io.firedrill.plan.RecoveryPlan;
import java.util.List;
import java.util.Optional;
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
    private final Standings standings;
    private final WalReceivers wal;
    private final FirstSignIn firstSignIn;

    StatusController(
            RecoveryPlan plan,
            EngineStartup engine,
            History history,
            Standings standings,
            WalReceivers wal,
            FirstSignIn firstSignIn) {
        this.plan = plan;
        this.engine = engine;
        this.history = history;
        this.standings = standings;
        this.wal = wal;
        this.firstSignIn = firstSignIn;
    }

    record Engine(String state, String address, String version) {}

    record StateDatabase(String state) {}

    record Plan(String file, String digest, List<Standings.ServiceStatus> services) {}

    /** @param signIn see {@link FirstSignIn#state()} */
    record Status(
            String version, Engine engine, StateDatabase stateDatabase, Plan plan, List<WalStatus> wal, long running,
            long waiting, String signIn) {}

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
                        standings.services()),
                wal.status(),
                runs.map(List::size).orElse(0),
                runs.isPresent() ? history.openTasks(null).size() : 0,
                firstSignIn.state());
    }

    private Optional<List<Run>> openRuns() {
        try {
            return Optional.of(history.runs(RunFilter.all()).stream().filter(run -> run.endedAt() == null).toList());
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

}
