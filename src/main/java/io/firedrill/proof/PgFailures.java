package io.firedrill.proof;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says in people's words what PostgreSQL says in SQLSTATEs. */
public final class PgFailures {
    private static final String UNTOUCHED = "Nothing was done to the database.";

    private PgFailures() {}

    /** A session could not be opened. */
    public static FailureException connecting(Database db, SQLException e) {
        return switch (state(e)) {
            case "28P01", "08004" -> new Failure(
                            "wrong-password",
                            "%s refuses the password of user %s: %s.".formatted(db.address(), db.user(), message(e)),
                            UNTOUCHED,
                            "Put the right password into %s, then try again."
                                    .formatted(db.passwordFile().map(Object::toString).orElse("a passwordFile of the plan")))
                    .lasting(e);
            case "28000" -> new Failure(
                            "refused-by-pg-hba",
                            "%s refuses user %s: %s.".formatted(db.address(), db.user(), message(e)),
                            UNTOUCHED,
                            "Allow this host and user in the server's pg_hba.conf and reload it, then try again.")
                    .lasting(e);
            case "3D000" -> new Failure(
                            "database-missing",
                            "There is no database %s on %s:%d.".formatted(db.dbname(), db.host(), db.port()),
                            "Either it was dropped or renamed, or the plan names the wrong one.",
                            "List the databases with: psql -h %s -p %d -l".formatted(db.host(), db.port()))
                    .lasting(e);
            case "55000" -> new Failure(
                            "database-fenced",
                            "%s takes no sessions: %s.".formatted(db.address(), message(e)),
                            "It is fenced, by a recovery that is under way or by hand; its data is as it was.",
                            "Finish the recovery, or: ALTER DATABASE … ALLOW_CONNECTIONS true")
                    .lasting(e);
            default -> running(db, e);
        };
    }

    /** A statement failed on an open session, or the server itself is in trouble. */
    public static FailureException running(Database db, SQLException e) {
        return switch (state(e)) {
            case "08000", "08001", "08003", "08006", "08007", "08P01" -> new Failure(
                            "server-unreachable",
                            "%s:%d does not answer: %s.".formatted(db.host(), db.port(), message(e)),
                            "What its databases hold cannot be seen from here.",
                            "Check that the server runs and that this host reaches it; it is tried again.")
                    .passing(e);
            case "53300" -> new Failure(
                            "too-many-connections",
                            "%s:%d has no connection left: %s.".formatted(db.host(), db.port(), message(e)),
                            "The server works, its data is not in question.",
                            "End idle sessions or raise max_connections; it is tried again.")
                    .passing(e);
            case "57P03" -> new Failure(
                            "server-starting",
                            "%s:%d is not ready: %s.".formatted(db.host(), db.port(), message(e)),
                            "It is starting, recovering or stopping.",
                            "Wait; it is tried again.")
                    .passing(e);
            case "57P01", "57P02", "57P05" -> new Failure(
                            "session-ended",
                            "%s ended our session: %s.".formatted(db.address(), message(e)),
                            "This step was cut short.",
                            "It is tried again.")
                    .passing(e);
            case "40001", "40P01", "55P03" -> new Failure(
                            "lock-conflict",
                            "%s: another session is in the way: %s.".formatted(db.address(), message(e)),
                            "This step changed nothing.",
                            "It is tried again.")
                    .passing(e);
            default -> lasting(db, e);
        };
    }

    private static FailureException lasting(Database db, SQLException e) {
        return switch (state(e)) {
            case "53100" -> new Failure(
                            "target-disk-full",
                            "The disk of %s:%d is full: %s.".formatted(db.host(), db.port(), message(e)),
                            "The server cannot write; what it had before is still there.",
                            "Free space on that host, then try again.")
                    .lasting(e);
            case "42501" -> new Failure(
                            "missing-privilege",
                            "User %s may not do this on %s: %s.".formatted(db.user(), db.address(), message(e)),
                            "This step changed nothing.",
                            "Use a superuser in the plan, or grant what is missing, then try again.")
                    .lasting(e);
            case "XX001", "XX002", "58P01" -> new Failure(
                            "damaged-data",
                            "%s cannot read its own data: %s.".formatted(db.address(), message(e)),
                            "Part of the database is damaged on disk.",
                            "Do not write to it; recover it with: firedrill recover")
                    .lasting(e);
            default -> new Failure(
                            "database-error",
                            "%s says: %s (SQLSTATE %s).".formatted(db.address(), message(e), state(e)),
                            "This step was not finished.",
                            "Look into the server's log, cure it, then try again.")
                    .lasting(e);
        };
    }

    /** The five letters, or an empty string. */
    public static String state(SQLException e) {
        return Objects.requireNonNullElse(e.getSQLState(), "");
    }

    /** The server's primary message and detail on one line, without the closing full stop. */
    public static String message(SQLException e) {
        ServerErrorMessage server = e instanceof PSQLException own ? own.getServerErrorMessage() : null;
        String text = server == null ? e.getMessage() : withDetail(server.getMessage(), server.getDetail());
        String line = Objects.requireNonNullElse(text, e.getClass().getSimpleName()).replaceAll("\\s+", " ").strip();
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static @Nullable String withDetail(@Nullable String message, @Nullable String detail) {
        return detail == null ? message : message + ": " + detail;
    }
}
