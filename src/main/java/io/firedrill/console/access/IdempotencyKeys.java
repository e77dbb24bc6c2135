package io.firedrill.console.access;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Keys that programs gave to their starts, in the state database: what is sent twice, to whichever server, starts once. */
final class IdempotencyKeys {
    private static final Duration KEPT = Duration.ofDays(7);
    /** No start takes so long: the server that began it has ended. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(2);

    private final JdbcClient db;
    private final Clock clock;

    IdempotencyKeys(DataSource stateDatabase, Clock clock) {
        this.db = JdbcClient.create(stateDatabase);
        this.clock = clock;
    }

    /**
     * An earlier request with the key.
     *
     * @param request digest of what was asked
     * @param answer null while it is worked on
     */
    record Earlier(String request, @Nullable Integer status, @Nullable String answer, Instant at) {}

    /** Empty: the key is ours now. */
    Optional<Earlier> take(String key, String request) {
        return AccessTables.answer(() -> {
            Instant now = clock.instant();
            db.sql("delete from firedrill.idempotency_key where at < ?").param(Timestamp.from(now.minus(KEPT))).update();
            int ours = db.sql("insert into firedrill.idempotency_key (key, request, at) values (?, ?, ?) on conflict do nothing")
                    .params(key, request, Timestamp.from(now))
                    .update();
            return ours == 1 ? Optional.empty() : earlier(key);
        });
    }

    private Optional<Earlier> earlier(String key) {
        return db.sql("select request, status, answer, at from firedrill.idempotency_key where key = ?")
                .param(key)
                .query((row, n) -> new Earlier(row.getString("request"), (Integer) row.getObject("status"), row.getString("answer"),
                        row.getTimestamp("at").toInstant()))
                .optional();
    }

    /** Takes over what a server that ended left behind; one of several who try gets it. */
    boolean takeOver(String key, Earlier earlier) {
        Instant now = clock.instant();
        return earlier.at().isBefore(now.minus(LEFT_BEHIND))
                && AccessTables.answer(() -> db.sql("update firedrill.idempotency_key set at = ? where key = ? and at = ? and status is null")
                                .params(Timestamp.from(now), key, Timestamp.from(earlier.at()))
                                .update()) == 1;
    }

    /** The run that was started with it, when the engine has one although no answer was kept. */
    Optional<Long> run(String key) {
        try {
            return db.sql("select process_instance_key from engine_history.variable where name = ? and value = ? order by key limit 1")
                    .params(IdempotentStarts.VARIABLE, "\"" + key + "\"")
                    .query(Long.class)
                    .optional();
        } catch (BadSqlGrammarException e) {
            return Optional.empty();
        }
    }

    void answered(String key, int status, String answer) {
        db.sql("update firedrill.idempotency_key set status = ?, answer = ? where key = ?").params(status, answer, key).update();
    }

    /** It is not known whether it started anything: the next try takes it over at once, unless there is a run. */
    void leaveBehind(String key) {
        db.sql("update firedrill.idempotency_key set at = ? where key = ?")
                .params(Timestamp.from(clock.instant().minus(LEFT_BEHIND).minusSeconds(1)), key)
                .update();
    }

    /** It started nothing: the same key may try again. */
    void giveBack(String key) {
        db.sql("delete from firedrill.idempotency_key where key = ?").param(key).update();
    }
}
