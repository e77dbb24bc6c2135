package io.firedrill.catalog;

import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The catalogue as the product uses it: answers from the state database, from the stores while that is away. What is
 * recorded goes to the store first, so that a lost state database loses nothing; what it missed while it was away it gets
 * by a scan once it is back.
 */
public final class ResilientCatalog implements Catalog {
    private static final Logger LOG = LoggerFactory.getLogger(ResilientCatalog.class);
    /** A pool may take half a minute to say that the database is away: it is not asked again at once. */
    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final StoreCatalog stores;
    private final JdbcCatalog database;
    private final Clock clock;
    private volatile boolean stale;
    private volatile Instant awayUntil = Instant.MIN;

    public ResilientCatalog(DataSource dataSource, Stores stores, Clock clock) {
        this.stores = new StoreCatalog(stores);
        this.database = new JdbcCatalog(dataSource, stores.all().stream().map(Store::name).toList());
        this.clock = clock;
    }

    @Override
    public List<CatalogEntry> list(@Nullable String service) {
        return ask(db -> db.list(service), () -> stores.list(service));
    }

    @Override
    public Optional<CatalogEntry> find(BackupId id) {
        return ask(db -> db.find(id), () -> stores.find(id));
    }

    @Override
    public void record(Manifest manifest, CatalogEntry.Copy copy) {
        try {
            stores.record(manifest, copy);
        } finally {
            tell(db -> db.record(manifest, copy));
        }
    }

    @Override
    public void hold(Manifest manifest, String store, Hold hold) {
        stores.hold(manifest, store, hold);
        tell(db -> db.hold(manifest.id(), store, hold));
    }

    @Override
    public void forget(BackupId id, String store) {
        tell(db -> db.forget(id, store));
    }

    @Override
    public int rescan() {
        StoreCatalog.Scan scan = stores.scan(null);
        tell(db -> db.replace(scan.entries(), scan.answered(), clock.instant()));
        return scan.entries().size();
    }

    private <T> T ask(Function<JdbcCatalog, T> question, Supplier<T> otherwise) {
        if (clock.instant().isBefore(awayUntil)) {
            return otherwise.get();
        }
        try {
            if (stale || !database.filled()) {
                fill();
            }
            return question.apply(database);
        } catch (DataAccessException | TransactionException e) {
            away(e);
            return otherwise.get();
        }
    }

    private void fill() {
        StoreCatalog.Scan scan = stores.scan(null);
        database.replace(scan.entries(), scan.answered(), clock.instant());
        stale = false;
    }

    private void tell(java.util.function.Consumer<JdbcCatalog> news) {
        try {
            news.accept(database);
        } catch (DataAccessException | TransactionException e) {
            stale = true;
            away(e);
        }
    }

    private void away(RuntimeException e) {
        awayUntil = clock.instant().plus(PAUSE);
        LOG.warn("The state database does not answer, the catalogue comes from the stores: {}", e.getMessage());
    }
}
