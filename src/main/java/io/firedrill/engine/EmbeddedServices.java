package io.firedrill.engine;

import io.firedrill.plan.Database;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.StatePlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private EmbeddedServices(Home home, Path dist, RecoveryPlan plan) {
        this.plan = plan;
        state = new EmbeddedState(home);
        broker = new EmbeddedBroker(home, distribution(dist), Map.of());
        stateDatabase = plan.state() instanceof StatePlan.External external ? external.database() : state.start();
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

    /** Stops what {@link #start} started; nothing running is fine. */
    public static void stopAll(Path home) {
        Home folder = new Home(home);
        new EmbeddedBroker(folder, Path.of(""), Map.of()).stop();
        new EmbeddedState(folder).stop();
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

    private void startBroker() {
        if (embeddedEngine()) {
            broker.start(stateDatabase);
        }
    }

    private void keepRunning() {
        while (!closed.get()) {
            try {
                Thread.sleep(LOOK_EVERY);
                if (!closed.get() && plan.state() instanceof StatePlan.Embedded) {
                    state.start();
                }
                if (!closed.get() && embeddedEngine() && !broker.running()) {
                    LOG.warn("the broker is gone; starting it again");
                    broker.start(stateDatabase);
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
