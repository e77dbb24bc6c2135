package io.firedrill.console;

import io.firedrill.audit.Digests;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import io.firedrill.plan.AlertRule;
import io.firedrill.plan.RecoveryPlan;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongBiFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What alerts lead to. INVARIANT: all that is done about one service is done under one lock of the state database, which also
 * remembers every alert by its key, so that whatever is told twice, to whichever server, starts one recovery.
 */
final class Alerts {
    /** History trails the engine: a run begun so short ago counts as going on though nothing is known of it yet. */
    private static final Duration UNKNOWN_RUN_LASTS = Duration.ofMinutes(10);

    private final RecoveryPlan plan;
    private final ToLongBiFunction<Operations.RecoveryRequest, Actor> recoveries;
    private final History history;
    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final Clock clock;

    /** @param recoveries starts one, and gives its run */
    Alerts(
            RecoveryPlan plan,
            ToLongBiFunction<Operations.RecoveryRequest, Actor> recoveries,
            History history,
            DataSource stateDatabase,
            Clock clock) {
        this.plan = plan;
        this.recoveries = recoveries;
        this.history = history;
        // Connections of its own: a table that history does not find yet must not spoil the transaction that remembers a start.
        DataSource own = new DelegatingDataSource(stateDatabase);
        this.db = JdbcClient.create(own);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(own));
        this.clock = clock;
    }

    /**
     * What was done about an alert.
     *
     * @param did {@code started} a recovery, {@code joined} one that goes on, {@code recorded}, {@code resolved},
     *     {@code duplicate} of one told before, {@code unmatched} by any rule
     */
    record Answer(String alert, String did, @Nullable String service, @Nullable String cause, @Nullable Long run) {}

    Answer take(Alert alert, Actor actor) {
        Optional<AlertRule> rule = plan.alerts().stream().filter(one -> one.fits(alert.labels())).findFirst();
        if (rule.isEmpty()) {
            return new Answer(alert.name(), "unmatched", null, null, null);
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> take(alert, rule.get(), actor)));
        } catch (DataAccessException | TransactionException e) {
            throw new Failure("state-database-down", "The state database, which remembers alerts, does not answer.",
                            "Nothing was started: the same alert could start it twice.",
                            "Send it again in a while, as Alertmanager does by itself; or start the recovery: firedrill recover "
                                    + rule.get().service())
                    .passing(e);
        }
    }

    private Answer take(Alert alert, AlertRule rule, Actor actor) {
        db.sql("select pg_advisory_xact_lock(hashtext(?))").param("alerts of " + rule.service()).query((row, n) -> 0).single();
        Optional<Long> before = seen(alert);
        if (before.isPresent()) {
            return answer(alert, rule, "duplicate", before.get());
        }
        if (alert.resolved()) {
            int ended = db.sql("update firedrill.alert set resolved_at = ? where episode = ? and resolved_at is null")
                    .params(Timestamp.from(clock.instant()), alert.episode())
                    .update();
            remember(alert, rule, 0);
            return answer(alert, rule, ended > 0 ? "resolved" : "recorded", 0);
        }
        if (!rule.recover()) {
            remember(alert, rule, 0);
            return answer(alert, rule, "recorded", 0);
        }
        Optional<Long> going = goingOn(rule.service());
        long run = going.orElseGet(() -> start(alert, rule, actor));
        remember(alert, rule, run);
        return answer(alert, rule, going.isPresent() ? "joined" : "started", run);
    }

    private static Answer answer(Alert alert, AlertRule rule, String did, long run) {
        return new Answer(alert.name(), did, rule.service(), rule.cause().orElse(null), run == 0 ? null : run);
    }

    /** The run it led to, 0 for none. */
    private Optional<Long> seen(Alert alert) {
        return db.sql("update firedrill.alert set told = told + 1, last_at = ? where key = ? returning run")
                .params(Timestamp.from(clock.instant()), key(alert.key()))
                .query(Long.class)
                .optional();
    }

    private void remember(Alert alert, AlertRule rule, long run) {
        Timestamp now = Timestamp.from(clock.instant());
        db.sql("""
                        insert into firedrill.alert (key, episode, name, service, cause, run, told, first_at, last_at, resolved_at)
                        values (?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
                        """)
                .params(key(alert.key()), alert.episode(), alert.name(), rule.service(), rule.cause().orElse(null), run, now, now,
                        alert.resolved() ? now : null)
                .update();
    }

    /** However long what the sender calls it is. */
    private static String key(String text) {
        return Digests.of(text);
    }

    private record Begun(long run, Instant at) {}

    /** A recovery of the service that an alert started and that has not ended. */
    private Optional<Long> goingOn(String service) {
        return db.sql("select run, first_at from firedrill.alert where service = ? and run > 0 order by first_at desc limit 5")
                .param(service)
                .query((row, n) -> new Begun(row.getLong("run"), row.getTimestamp("first_at").toInstant()))
                .list()
                .stream()
                .filter(this::goesOn)
                .map(Begun::run)
                .findFirst();
    }

    private boolean goesOn(Begun begun) {
        Optional<Run> known = history.summary(begun.run());
        return known.map(run -> run.endedAt() == null)
                .orElse(Duration.between(begun.at(), clock.instant()).compareTo(UNKNOWN_RUN_LASTS) < 0);
    }

    /** Somebody may have started one by hand: then it is that one. */
    private long start(Alert alert, AlertRule rule, Actor actor) {
        String reason = "Alert %s%s".formatted(alert.name(), alert.summary().isBlank() ? "" : ": " + alert.summary());
        try {
            return recoveries.applyAsLong(
                    new Operations.RecoveryRequest(rule.service(), rule.cause().orElse(null), null, null, reason), actor);
        } catch (FailureException e) {
            Optional<Run> byHand = e.failure().code().equals("already-running")
                    ? history.runs(new RunFilter("disaster-recovery", rule.service(), 20)).stream().filter(run -> run.endedAt() == null).findFirst()
                    : Optional.empty();
            return byHand.orElseThrow(() -> e).id();
        }
    }
}
