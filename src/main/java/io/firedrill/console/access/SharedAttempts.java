package io.firedrill.console.access;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Counted in the state database, over all servers and restarts: who guesses does not get further by asking another
 * server. A name's failures are forgotten a day after the last. While the database is away each server counts by itself.
 */
final class SharedAttempts implements Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(SharedAttempts.class);
    private static final Duration KEPT = Duration.ofDays(1);

    private final JdbcClient db;
    private final Attempts memory;
    private final Clock clock;

    SharedAttempts(DataSource stateDatabase, Clock clock) {
        this.db = JdbcClient.create(stateDatabase);
        this.memory = new AttemptsInMemory(clock);
        this.clock = clock;
    }

    @Override
    public Optional<Instant> refusedUntil(String name, String address) {
        return shared(
                () -> db.sql("""
                        select max(until) from firedrill.sign_in_failure
                        where until > ? and (kind = 'name' and subject = ? or kind = 'address' and subject = ? and failures >= ?)
                        """)
                        .params(now(), name, address, FAILURES_PER_ADDRESS)
                        .query((row, n) -> Optional.ofNullable(row.getTimestamp(1)).map(Timestamp::toInstant))
                        .single(),
                () -> memory.refusedUntil(name, address));
    }

    @Override
    public void failed(String name, String address) {
        shared(() -> {
            int failures = db.sql("""
                            insert into firedrill.sign_in_failure as known (kind, subject, failures, until, last_at)
                            values ('name', ?, 1, 'epoch', ?)
                            on conflict (kind, subject) do update set failures = known.failures + 1, last_at = excluded.last_at
                            returning failures
                            """)
                    .params(name, now())
                    .query(Integer.class)
                    .single();
            db.sql("update firedrill.sign_in_failure set until = greatest(until, ?) where kind = 'name' and subject = ?")
                    .params(Timestamp.from(Attempts.lockedUntil(failures, clock.instant())), name)
                    .update();
            countFrom(address);
            return true;
        }, () -> {
            memory.failed(name, address);
            return true;
        });
    }

    @Override
    public void failedFrom(String address) {
        shared(() -> {
            countFrom(address);
            return true;
        }, () -> {
            memory.failedFrom(address);
            return true;
        });
    }

    private void countFrom(String address) {
        db.sql("""
                insert into firedrill.sign_in_failure as known (kind, subject, failures, until, last_at)
                values ('address', ?, 1, ?, ?)
                on conflict (kind, subject) do update set
                    failures = case when known.until > excluded.last_at then known.failures + 1 else 1 end,
                    until = case when known.until > excluded.last_at then known.until else excluded.until end,
                    last_at = excluded.last_at
                """)
                .params(address, Timestamp.from(clock.instant().plus(ADDRESS_WINDOW)), now())
                .update();
    }

    @Override
    public void succeeded(String name) {
        memory.succeeded(name);
        shared(() -> db.sql("delete from firedrill.sign_in_failure where kind = 'name' and subject = ?").param(name).update(), () -> 0);
    }

    void removeExpired() {
        db.sql("delete from firedrill.sign_in_failure where last_at < ?")
                .param(Timestamp.from(clock.instant().minus(KEPT)))
                .update();
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private static <T> T shared(Supplier<T> work, Supplier<T> otherwise) {
        try {
            return work.get();
        } catch (DataAccessException e) {
            LOG.debug("counted here alone: {}", e.getMessage());
            return otherwise.get();
        }
    }
}
