package io.firedrill.engine;

import io.firedrill.plan.Database;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.StatePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State database and broker on this host, unless the plan names others: started before the server's parts need them,
 * started again when they die, left running when the server stops (a restarted server goes on at once), stopped by
 * {@link #stopAll}.
 */
public final class EmbeddedServices implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServices.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final EmbeddedState state;
    private final EmbeddedBroker broker;
    private final RecoveryPlan plan;
    private final Database stateDatabase;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final StartGate gate = new StartGate();

    private EmbeddedServices(Home home, Path dist, RecoveryPlan plan) {
        this.plan = plan;
        state = new EmbeddedState(home);
        broker = new EmbeddedBroker(home, distribution(dist), plan.timeZone(), Map.of());
        // Told to end while it starts, the server ends only when what it was starting can be found and stopped.
        Runtime.getRuntime().addShutdownHook(new Thread(gate::close, "embedded-services-gate"));
        stateDatabase = plan.state() instanceof StatePlan.External external ? external.database() : startState();
        startBroker();
    }

    /**
     * @param dist the folder that the build put the engine's distribution into
     */
    public static EmbeddedServices start(Home home, Path dist, RecoveryPlan plan) {
        EmbeddedServices services = new EmbeddedServices(home, dist, plan);
        Thread.ofPlatform().daemon().name("embedded-services").start(services::keepRunning);
        return services;
    }

    /** Stops what {@link #start} started, the engine first; nothing running is fine. Both are tried, whatever fails. */
    public static void stopAll(Path home) {
        Home folder = new Home(home);
        try {
            new EmbeddedBroker(folder, Path.of(""), ZoneId.systemDefault(), Map.of()).stop();
        } finally {
            new EmbeddedState(folder).stop();
        }
    }

    /** What of it runs in a home, in the words people know: {@code engine}, {@code state database}. */
    public static List<String> running(Home home) {
        List<String> running = new ArrayList<>();
        if (new EmbeddedBroker(home, Path.of(""), ZoneId.systemDefault(), Map.of()).running()) {
            running.add("engine");
        }
        if (new EmbeddedState(home).running()) {
            running.add("state database");
        }
        return running;
    }

    public Database stateDatabase() {
        return stateDatabase;
    }

    /** Where the engine is reached: the embedded broker's addresses, or what the plan says. */
    public EnginePlan engine() {
        return embeddedEngine() ? broker.addresses() : plan.engine();
    }

    /** From now on nothing is started again; what runs goes on running. */
    @Override
    public void close() {
        closed.set(true);
    }

    private boolean embeddedEngine() {
        return plan.engine() instanceof EnginePlan.Embedded;
    }

    private Database startState() {
        AtomicReference<Database> database = new AtomicReference<>();
        gate.pass(() -> database.set(state.start()));
        return database.get();
    }

    private void startBroker() {
        if (embeddedEngine()) {
            gate.pass(() -> broker.start(stateDatabase));
        }
    }

    private void keepRunning() {
        while (!closed.get()) {
            try {
                Thread.sleep(LOOK_EVERY);
                if (!closed.get() && plan.state() instanceof StatePlan.Embedded) {
                    startState();
                }
                if (!closed.get() && embeddedEngine() && !broker.running()) {
                    LOG.warn("the broker is gone; starting it again");
                    startBroker();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("could not start again: {}", e.getMessage());
            }
        }
    }

    private static Path distribution(Path dist) {
        return dist.resolve("zeebe").resolve("camunda-zeebe-8.6.0");
    }
}
