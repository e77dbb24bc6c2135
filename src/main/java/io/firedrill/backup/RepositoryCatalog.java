package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A catalogue that also knows what lies in the repositories of pgBackRest and Barman: before it answers, it asks them,
 * unless it just did. One that is away or slow holds no answer up; what was known of it stays.
 */
public final class RepositoryCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(RepositoryCatalog.class);
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Catalog stored;
    private final RepositorySync sync;
    private final Clock clock;
    private @Nullable FutureTask<Void> asking;
    private Instant asked = Instant.MIN;

    private RepositoryCatalog(Catalog stored, RepositorySync sync, Clock clock) {
        this.stored = stored;
        this.sync = sync;
        this.clock = clock;
    }

    /** The catalogue itself when the plan names no repository. */
    public static Catalog over(Catalog stored, RecoveryPlan plan, Stores stores, Clock clock) {
        return RepositorySync.needed(plan)
                ? new RepositoryCatalog(stored, new RepositorySync(plan, stores, stored, clock), clock)
                : stored;
    }

    @Override
    public List<CatalogEntry> list(@Nullable String service) {
        await(false);
        return stored.list(service);
    }

    @Override
    public Optional<CatalogEntry> find(BackupId id) {
        Optional<CatalogEntry> known = stored.find(id);
        if (known.isPresent()) {
            return known;
        }
        await(false);
        return stored.find(id);
    }

    @Override
    public int rescan() {
        stored.rescan();
        await(true);
        return stored.list(null).size();
    }

    @Override
    public void record(Manifest manifest, CatalogEntry.Copy copy) {
        stored.record(manifest, copy);
    }

    @Override
    public void hold(Manifest manifest, String store, Hold hold) {
        stored.hold(manifest, store, hold);
    }

    @Override
    public void forget(BackupId id, String store) {
        stored.forget(id, store);
    }

    private void await(boolean anew) {
        FutureTask<Void> task = task(anew);
        if (task == null) {
            return;
        }
        try {
            task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("Backups in repositories of other tools are listed as last known: they did not answer within {}.", PATIENCE);
        } catch (ExecutionException e) {
            tell(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(@Nullable Throwable trouble) {
        if (trouble instanceof FailureException failure) {
            LOG.warn("Backups in repositories of other tools are listed as last known: {}", failure.failure());
        } else {
            throw new IllegalStateException(trouble);
        }
    }

    /** Null when they were asked just now. Several who wait share one asking. */
    private synchronized @Nullable FutureTask<Void> task(boolean anew) {
        boolean running = asking != null && !asking.isDone();
        if (!running && !anew && clock.instant().isBefore(asked.plus(FRESH)) && !clock.instant().isBefore(asked)) {
            return null;
        }
        if (!running) {
            asked = clock.instant();
            asking = new FutureTask<>(sync::all, null);
            Thread.ofVirtual().name("repositories").start(asking);
        }
        return asking;
    }
}
