package io.firedrill.recovery.surgical;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.proof.RowsDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/** A session on the live database or on the copy; the same value has the same text in both. */
final class TableSession implements AutoCloseable {
    private static final List<String> CANONICAL = List.of(
            "set search_path = ''", "set row_security = off", "set datestyle = 'ISO, YMD'", "set intervalstyle = postgres",
            "set timezone = 'UTC'", "set extra_float_digits = 3", "set bytea_output = hex", "set xmloption = content",
            "set statement_timeout = 0", "set idle_in_transaction_session_timeout = 0");

    private final Database db;
    private final Connection connection;

    private TableSession(Database db, Connection connection) {
        this.db = db;
        this.connection = connection;
    }

    static TableSession open(Database db) {
        TableSession session = new TableSession(db, PgConnections.open(db));
        try {
            CANONICAL.forEach(session::execute);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    Database database() {
        return db;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T ask(Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    /** Everything until {@link #commit}, or nothing. */
    void begin() {
        ask(() -> {
            connection.setAutoCommit(false);
            return true;
        });
    }

    void commit() {
        ask(() -> {
            connection.commit();
            connection.setAutoCommit(true);
            return true;
        });
    }

    /** Returns how many rows it changed. */
    long execute(String sql) {
        return ask(() -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                return Math.max(0, statement.getLargeUpdateCount());
            }
        });
    }

    /** In a transaction: takes it back, and only it, when the server objects with this SQLSTATE. */
    boolean attempt(String sql, String objection) {
        return ask(() -> {
            var before = connection.setSavepoint();
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
                connection.releaseSavepoint(before);
                return true;
            } catch (SQLException e) {
                if (!PgFailures.state(e).equals(objection)) {
                    throw e;
                }
                connection.rollback(before);
                return false;
            }
        });
    }

    /** Every row as texts, null for NULL. */
    List<List<@Nullable String>> rows(String sql, Object... parameters) {
        return ask(() -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                List<List<@Nullable String>> rows = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        List<@Nullable String> one = new ArrayList<>();
                        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                            one.add(row.getString(i));
                        }
                        rows.add(one);
                    }
                }
                return rows;
            }
        });
    }

    /** First column of every row. */
    List<String> column(String sql, Object... parameters) {
        return rows(sql, parameters).stream().map(row -> String.valueOf(row.getFirst())).toList();
    }

    long number(String sql, Object... parameters) {
        return Long.parseLong(column(sql, parameters).getFirst());
    }

    boolean yes(String sql, Object... parameters) {
        return column(sql, parameters).getFirst().equals("t");
    }

    /** Rows of {@code select} here into {@code into} (table and columns) there; {@code seen} hears each. */
    long copy(String select, TableSession to, String into, @Nullable RowsDigest seen) {
        return ask(() -> {
            CopyOut out = copyOut(select);
            CopyIn in = to.ask(() -> to.connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy " + into + " from stdin"));
            try {
                for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                    byte[] one = row;
                    to.ask(() -> {
                        in.writeToCopy(one, 0, one.length);
                        return true;
                    });
                    if (seen != null) {
                        seen.add(row);
                    }
                }
                return to.ask(in::endCopy);
            } finally {
                cancel(out.isActive() ? out : null);
                to.ask(() -> {
                    cancel(in.isActive() ? in : null);
                    return true;
                });
            }
        });
    }

    /** Hands every row of {@code select} to the digest. */
    void digest(String select, RowsDigest into) {
        ask(() -> {
            CopyOut out = copyOut(select);
            try {
                for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                    into.add(row);
                }
                return true;
            } finally {
                cancel(out.isActive() ? out : null);
            }
        });
    }

    private CopyOut copyOut(String select) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy (" + select + ") to stdout");
    }

    private static void cancel(org.postgresql.copy.@Nullable CopyOperation copy) throws SQLException {
        if (copy != null) {
            copy.cancelCopy();
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session is gone either way; what was not committed was not done.
        }
    }
}
