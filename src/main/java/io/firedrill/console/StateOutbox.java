package io.firedrill.console;

import io.firedrill.notification.Message;
import io.firedrill.notification.Notifier;
import io.firedrill.notification.Outbox;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * The outbox, in the state database: any server sends what waits in it, one at a time, 5 s after the first try, then twice as
 * long after each, up to 15 minutes, for a day.
 */
final class StateOutbox implements Outbox, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateOutbox.class);
    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration GIVEN_UP = Duration.ofDays(1);
    private static final int DOUBLINGS = 8;

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("outbox").factory());

    StateOutbox(DataSource stateDatabase, Clock clock) {
        this.db = JdbcClient.create(stateDatabase);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(stateDatabase));
        this.clock = clock;
    }

    @Override
    public boolean keep(String target, Message message, String problem) {
        try {
            Instant now = clock.instant();
            db.sql("""
                            insert into firedrill.outbox (id, target, message, tries, first_at, next_at, problem) values (?, ?, ?, 1, ?, ?, ?)
                            on conflict do nothing
                            """)
                    .params(message.id(), target, json.writeValueAsString(message), Timestamp.from(now), Timestamp.from(now.plus(FIRST)), problem)
                    .update();
            return true;
        } catch (DataAccessException e) {
            return false;
        }
    }

    StateOutbox start(Notifier notifier, Duration every) {
        thread.scheduleWithFixedDelay(() -> sendAll(notifier), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void sendAll(Notifier notifier) {
        try {
            while (Boolean.TRUE.equals(transaction.execute(status -> sendOne(notifier)))) {
                // There may be more.
            }
        } catch (DataAccessException | TransactionException e) {
            LOG.debug("the outbox waits: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("the outbox could not be worked on", e);
        }
    }

    private record Waiting(String id, String target, String message, int tries, Instant firstAt) {}

    /** Whether there was one. Its row is ours while it is sent; a server that ends meanwhile lets it go. */
    private boolean sendOne(Notifier notifier) {
        Instant now = clock.instant();
        List<Waiting> due = db.sql("""
                        select id, target, message, tries, first_at from firedrill.outbox where next_at <= ?
                        order by next_at limit 1 for update skip locked
                        """)
                .param(Timestamp.from(now))
                .query((row, n) -> new Waiting(row.getString("id"), row.getString("target"), row.getString("message"), row.getInt("tries"),
                        row.getTimestamp("first_at").toInstant()))
                .list();
        due.forEach(waiting -> send(waiting, notifier, now));
        return !due.isEmpty();
    }

    private void send(Waiting waiting, Notifier notifier, Instant now) {
        boolean last = now.isAfter(waiting.firstAt().plus(GIVEN_UP));
        Message message = json.readValue(waiting.message(), Message.class);
        Notifier.Answer answer = notifier.sendAgain(waiting.target(), message, last);
        if (answer.problem().isEmpty() || !answer.worthAnotherTry() || last) {
            if (!answer.problem().isEmpty()) {
                LOG.error("a notification was given up, {}: {}", answer.problem(), message.text());
            }
            db.sql("delete from firedrill.outbox where id = ? and target = ?").params(waiting.id(), waiting.target()).update();
        } else {
            Duration pause = FIRST.multipliedBy(1L << Math.min(waiting.tries(), DOUBLINGS));
            Duration next = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
            db.sql("update firedrill.outbox set tries = tries + 1, next_at = ?, problem = ? where id = ? and target = ?")
                    .params(Timestamp.from(now.plus(next)), answer.problem(), waiting.id(), waiting.target())
                    .update();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
