package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One server asked in SQL, a session for each question; one that does not answer in time is given up on. */
final class NodeServer {
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final String STATE = """
            select r.standby,
              case when r.standby then greatest(coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), pg_last_wal_replay_lsn())
                   else pg_current_wal_flush_lsn() end::text,
              case when r.standby then greatest(coalesce((select received_tli from pg_stat_wal_receiver), 0),
                        (select min_recovery_end_timeline from pg_control_recovery()), (select timeline_id from pg_control_checkpoint()))
                   else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end,
              coalesce((select status = 'streaming' from pg_stat_wal_receiver), false),
              pg_last_wal_replay_lsn()::text,
              pg_last_xact_replay_timestamp(),
              extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::float8
            from (select pg_is_in_recovery() as standby) r""";

    private final String node;
    private final Database db;

    NodeServer(String node, Database db) {
        this.node = node;
        this.db = db;
    }

    /** What is done in a session. */
    interface Question<T> {
        T ask(Statement statement) throws SQLException;
    }

    Database database() {
        return db;
    }

    String address() {
        return new Database.Address(db.host(), db.port()).toString();
    }

    /** {@code replayed}: position; {@code behind}: seconds since the last transaction replayed, or null. */
    record Answer(NodeState state, @Nullable String replayed, @Nullable Double behind) {}

    Answer look() {
        try {
            return ask(PATIENCE, statement -> {
                try (ResultSet row = statement.executeQuery(STATE)) {
                    row.next();
                    boolean standby = row.getBoolean(1);
                    Timestamp replayed = row.getTimestamp(6);
                    double behind = row.getDouble(7);
                    NodeState state = new NodeState(
                            node, address(), standby ? "standby" : "primary", row.getLong(3), row.getString(2), row.getBoolean(4),
                            null, null, replayed == null ? null : replayed.toInstant(), false, "");
                    return new Answer(state, row.getString(5), row.wasNull() || replayed == null ? null : behind);
                }
            });
        } catch (FailureException e) {
            return new Answer(NodeState.down(node, address(), e.failure().what()), null, null);
        }
    }

    /** What a standby knows of the primary that it follows. */
    Witness receiver() {
        String who = "standby " + node;
        try {
            return ask(PATIENCE, statement -> {
                try (ResultSet row = statement.executeQuery("select extract(epoch from clock_timestamp() - last_msg_receipt_time)::float8"
                        + " from pg_stat_wal_receiver where status = 'streaming'")) {
                    if (!row.next()) {
                        return Witness.gone(who, "receives from no primary");
                    }
                    double silent = row.getDouble(1);
                    return silent < 10
                            ? Witness.alive(who, "the primary sent it something %.1f s ago".formatted(silent))
                            : Witness.unknown(who, "its connection to the primary is silent for %.0f s".formatted(silent));
                }
            });
        } catch (FailureException e) {
            return Witness.unknown(who, "does not answer");
        }
    }

    /** Whether it answers as a primary. Refused connections mean that nothing listens there; silence may be the network's. */
    Witness primary() {
        String who = "a session of our own";
        try {
            boolean standby = ask(PATIENCE, statement -> bool(statement, "select pg_is_in_recovery()"));
            return standby
                    ? Witness.gone(who, "%s answers, but as a standby".formatted(node))
                    : Witness.alive(who, "%s answers as primary".formatted(node));
        } catch (FailureException e) {
            return switch (e.failure().code()) {
                case "server-unreachable", "no-answer" -> Witness.gone(who, "%s does not answer".formatted(node));
                case "server-starting" -> Witness.unknown(who, "%s is starting".formatted(node));
                default -> Witness.alive(who, "%s answers: %s".formatted(node, e.failure().what()));
            };
        }
    }

    static boolean bool(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    static Optional<String> text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    void run(Duration patience, String... statements) {
        ask(patience, statement -> {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return true;
        });
    }

    /** Failures are {@link PgFailures}', and passing {@code no-answer}. */
    <T> T ask(Duration patience, Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("node-" + node).start(() -> {
            try (Connection connection = PgConnections.open(db);
                    Statement statement = connection.createStatement()) {
                answer.complete(question.ask(statement));
            } catch (SQLException e) {
                answer.completeExceptionally(PgFailures.running(db, e));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw noAnswer(patience).passing(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer(patience).passing(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : new CompletionException(e.getCause());
        }
    }

    private Failure noAnswer(Duration patience) {
        return new Failure(
                "no-answer",
                "%s (%s) did not answer within %d s.".formatted(node, address(), patience.toSeconds()),
                "What it was asked may or may not have been done.",
                "See whether its host is overloaded or cut off; it is tried again.");
    }

}
