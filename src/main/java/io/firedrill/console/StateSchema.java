package io.firedrill.console;

import io.firedrill.failure.FailureException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the state database's tables up to date as soon as it answers, without holding up anything else. */
final class StateSchema implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateSchema.class);
    private static final long PAUSE_MILLIS = 1_000;

    private final DataSource stateDatabase;
    private final Runnable afterwards;
    private final Thread thread;

    /** @param afterwards once the tables are there; tried again while the state database fails it */
    StateSchema(DataSource stateDatabase, Runnable afterwards) {
        this.stateDatabase = stateDatabase;
        this.afterwards = afterwards;
        this.thread = Thread.ofPlatform().daemon().name("state-schema").start(this::migrateWhenUp);
    }

    private void migrateWhenUp() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Flyway.configure()
                        .dataSource(stateDatabase)
                        .schemas("firedrill")
                        // Parts of Firedrill add tables of their own; which part came first does not matter.
                        .outOfOrder(true)
                        .load()
                        .migrate();
                afterwards.run();
                return;
            } catch (FlywayException | FailureException e) {
                LOG.warn("the state database's tables will be tried again: {}", e.getMessage());
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
