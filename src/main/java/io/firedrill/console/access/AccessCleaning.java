package io.firedrill.console.access;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Removes what has expired, now and then; every server may do it. */
final class AccessCleaning implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessCleaning.class);
    private static final Duration EVERY = Duration.ofMinutes(5);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("access-cleaning").factory());

    AccessCleaning(List<Runnable> removals) {
        thread.scheduleWithFixedDelay(() -> clean(removals), EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    }

    private static void clean(List<Runnable> removals) {
        try {
            removals.forEach(Runnable::run);
        } catch (DataAccessException | TransactionException e) {
            LOG.info("what has expired will be removed later: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
