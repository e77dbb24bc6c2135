package io.firedrill.history;

import io.firedrill.failure.FailureException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One run at a time takes a kind of backup of a service, however many servers there are and whoever started it. A run has
 * the turn until it gives it back, ends, gets stuck or waits for a person: what is known of it is the engine's own log,
 * so a turn is never lost with a server. While the state database is away nobody is held back: two backups at once do no
 * harm, none at all does.
 */
public final class BackupTurns {
    private static final Logger LOG = LoggerFactory.getLogger(BackupTurns.class);
    /** A run that the history does not know of (an engine without our exporter) and that was killed: until then it counts. */
    private static final Duration UNKNOWN_RUN_LASTS = Duration.ofHours(6);

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final History history;
    private final Clock clock;

    public BackupTurns(DataSource stateDatabase, History history, Clock clock) {
        this.db = JdbcClient.create(stateDatabase);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(stateDatabase));
        this.history = history;
        this.clock = clock;
    }

    /**
     * Takes the turn for all of these kinds, or for none. Asking again with the same run changes nothing.
     *
     * @return the run that has it, as {@code firedrill runs} lists it; empty when it is ours now
     */
    public Optional<Long> take(String service, Collection<String> kinds, long run) {
        try {
            return Optional.ofNullable(transaction.execute(status -> {
                // Two that come at once are served one after the other; the lock ends with the transaction.
                db.sql("select pg_advisory_xact_lock(hashtext(?))").param("backup of " + service).query((row, n) -> 0).single();
                Optional<Long> other = holder(service, kinds, run);
                if (other.isEmpty()) {
                    kinds.forEach(kind -> enter(service, kind, run));
                }
                return other.orElse(null);
            }));
        } catch (DataAccessException | TransactionException | FailureException e) {
            LOG.warn("The state database does not answer; run {} goes on without asking whether another runs: {}", run, e.getMessage());
            return Optional.empty();
        }
    }

    /** Who has the turn for any of these kinds, as {@code firedrill runs} lists it. */
    public Optional<Long> holder(String service, Collection<String> kinds) {
        try {
            return holder(service, kinds, 0);
        } catch (DataAccessException | TransactionException | FailureException e) {
            return Optional.empty();
        }
    }

    /** Called again, or when the turn is another's by now, it changes nothing. */
    public void giveBack(long run) {
        try {
            db.sql("delete from firedrill.backup_turn where run = ?").param(run).update();
        } catch (DataAccessException | TransactionException | FailureException e) {
            LOG.warn("The turn of run {} could not be given back; it ends with the run: {}", run, e.getMessage());
        }
    }

    private record Turn(long run, Instant since) {
        static Turn of(ResultSet row, int number) throws SQLException {
            return new Turn(row.getLong("run"), row.getTimestamp("since").toInstant());
        }
    }

    private Optional<Long> holder(String service, Collection<String> kinds, long run) {
        List<Turn> others = db.sql("""
                        select distinct run, since from firedrill.backup_turn
                        where service = :service and kind in (:kinds) and run <> :run order by since
                        """)
                .param("service", service)
                .param("kinds", kinds)
                .param("run", run)
                .query(Turn::of)
                .list();
        return others.stream().flatMap(turn -> working(turn).stream()).findFirst();
    }

    /** The run that people know it by, when it is still at work. */
    private Optional<Long> working(Turn turn) {
        Optional<Run> known = history.summary(turn.run());
        if (known.isEmpty()) {
            Duration age = Duration.between(turn.since(), clock.instant()).abs();
            return age.compareTo(UNKNOWN_RUN_LASTS) < 0 ? Optional.of(turn.run()) : Optional.empty();
        }
        return known.filter(run -> run.state().equals("running"))
                .map(run -> run.parent() == null ? run.id() : run.parent());
    }

    private void enter(String service, String kind, long run) {
        db.sql("""
                        insert into firedrill.backup_turn (service, kind, run, since) values (?, ?, ?, ?)
                        on conflict (service, kind) do update set run = excluded.run, since = excluded.since
                        """)
                .params(service, kind, run, Timestamp.from(clock.instant()))
                .update();
    }
}
