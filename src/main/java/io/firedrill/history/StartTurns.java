package io.firedrill.history;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Starts at most one run of a subject at a time, however many servers there are. The history alone cannot keep two starts
 * apart: it tells of a run only after the engine has exported it, and the second comes before that.
 */
public final class StartTurns {
    /** The failure's code when it cannot be known what goes on. */
    public static final String DOWN = "state-database-down";

    private static final Logger LOG = LoggerFactory.getLogger(StartTurns.class);
    /** Its variables, by which people and checks find it, may come later than the run itself. */
    private static final Duration VARIABLES_COME_WITHIN = Duration.ofSeconds(5);
    /** An exporter that is that late, or an engine without ours: then only the check that the caller brings counts. */
    private static final Duration EXPORTED_WITHIN = Duration.ofMinutes(1);

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final History history;
    private final Clock clock;

    public StartTurns(DataSource stateDatabase, History history, Clock clock) {
        this.db = JdbcClient.create(stateDatabase);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(stateDatabase));
        this.history = history;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param ours started now; otherwise the one that is in the way, and nothing was started
     */
    public record Start(long run, boolean ours) {
        /** Returns the run that was started, or throws what is given for the one that is in the way. */
        public long orThrow(LongFunction<? extends RuntimeException> refusal) {
            if (!ours) {
                throw refusal.apply(run);
            }
            return run;
        }
    }

    /**
     * Starts it unless one goes on.
     *
     * @param subject what only one run may work on at a time
     * @param goingOn the run that the history knows to be in the way
     * @param start starts the run and returns its id
     * @throws FailureException {@code state-database-down}, when it cannot be known whether one goes on; nothing was started
     */
    public Start start(String subject, Supplier<Optional<Long>> goingOn, LongSupplier start) {
        AtomicReference<Start> begun = new AtomicReference<>();
        try {
            return Objects.requireNonNull(transaction.execute(status -> {
                // Two that come at once are served one after the other; the lock ends with the transaction.
                db.sql("select pg_advisory_xact_lock(hashtext(?))").param("start of " + subject).query((row, n) -> 0).single();
                Optional<Start> other = justStarted(subject).or(goingOn).map(run -> new Start(run, false));
                if (other.isEmpty()) {
                    begun.set(new Start(start.getAsLong(), true));
                    enter(subject, begun.get().run());
                }
                return other.orElseGet(begun::get);
            }));
        } catch (DataAccessException | TransactionException e) {
            if (begun.get() == null) {
                throw down(e);
            }
            LOG.warn("Run {} was started; that it was could not be noted, so only the history keeps others away: {}", begun.get().run(), e.getMessage());
            return begun.get();
        }
    }

    private static FailureException down(RuntimeException e) {
        return new Failure(DOWN, "The state database, which knows what goes on, does not answer: %s".formatted(e.getMessage()),
                        "Nothing was started: it could be the second.",
                        "Try again in a while. See: firedrill status")
                .passing(e);
    }

    private record Turn(long run, Instant since) {
        static Turn of(ResultSet row, int number) throws SQLException {
            return new Turn(row.getLong("run"), row.getTimestamp("since").toInstant());
        }
    }

    private Optional<Long> justStarted(String subject) {
        return db.sql("select run, since from firedrill.start_turn where subject = ?").param(subject).query(Turn::of).optional()
                .filter(this::tooNew)
                .map(Turn::run);
    }

    private boolean tooNew(Turn turn) {
        Duration age = Duration.between(turn.since(), clock.instant()).abs();
        return history.summary(turn.run())
                .map(run -> run.endedAt() == null && age.compareTo(VARIABLES_COME_WITHIN) < 0)
                .orElse(age.compareTo(EXPORTED_WITHIN) < 0);
    }

    private void enter(String subject, long run) {
        db.sql("""
                        insert into firedrill.start_turn (subject, run, since) values (?, ?, ?)
                        on conflict (subject) do update set run = excluded.run, since = excluded.since
                        """)
                .params(subject, run, Timestamp.from(clock.instant()))
                .update();
    }
}
