package io.firedrill.recovery;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A session on a server's maintenance database, from which its other databases are made, renamed and closed. */
final class Server implements AutoCloseable {
    private static final List<String> MAINTENANCE = List.of("postgres", "template1");

    private final Database db;
    private final Connection connection;

    private Server(Database db, Connection connection) {
        this.db = db;
        this.connection = connection;
    }

    static Server open(Database plan) {
        FailureException refused = null;
        for (String maintenance : MAINTENANCE) {
            Database db = plan.onDatabase(maintenance);
            try {
                return new Server(db, PgConnections.open(db));
            } catch (FailureException e) {
                if (!e.failure().code().equals("database-missing")) {
                    throw e;
                }
                refused = e;
            }
        }
        throw refused == null ? new IllegalStateException() : refused;
    }

    Database database() {
        return db;
    }

    @FunctionalInterface
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    <T> T ask(Work<T> work) {
        try {
            return work.in(connection);
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    void execute(String sql) {
        ask(open -> {
            try (Statement statement = open.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** All of it or nothing. */
    void transaction(List<String> statements) {
        ask(open -> {
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
                open.commit();
                return true;
            } catch (SQLException e) {
                open.rollback();
                throw e;
            } finally {
                open.setAutoCommit(true);
            }
        });
    }

    /** Runs it and takes it back; returns the server's objection, or nothing when it has none. */
    Optional<String> tryOut(String sql) {
        return ask(open -> {
            open.setAutoCommit(false);
            try (Statement statement = open.createStatement()) {
                statement.execute(sql);
                return Optional.empty();
            } catch (SQLException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            } finally {
                open.rollback();
                open.setAutoCommit(true);
            }
        });
    }

    /** First column of every row; parameters are texts. */
    List<String> column(String sql, String... parameters) {
        return ask(open -> {
            try (PreparedStatement statement = open.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setString(i + 1, parameters[i]);
                }
                List<String> column = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        column.add(row.getString(1));
                    }
                }
                return column;
            }
        });
    }

    Optional<String> value(String sql, String... parameters) {
        return column(sql, parameters).stream().filter(java.util.Objects::nonNull).findFirst();
    }

    boolean exists(String dbname) {
        return value("select 1 from pg_database where datname = ?", dbname).isPresent();
    }

    boolean superuser() {
        return value("show is_superuser").orElse("off").equals("on");
    }

    /** E.g. 15. */
    int majorVersion() {
        return Integer.parseInt(value("show server_version_num").orElseThrow()) / 10_000;
    }

    /** Ends every session on the database; returns how many there were. */
    long endSessions(String dbname) {
        return column("select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and pid <> pg_backend_pid()",
                        dbname)
                .size();
    }

    long sessions(String dbname) {
        return Long.parseLong(value("select count(*) from pg_stat_activity where datname = ? and backend_type <> 'autovacuum worker'",
                        dbname)
                .orElse("0"));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session is gone either way; every change was committed or was not.
        }
    }
}
