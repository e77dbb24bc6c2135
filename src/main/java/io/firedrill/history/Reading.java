package io.firedrill.history;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/** What the state database's troubles mean to a reader. */
final class Reading {
    private static final Set<String> NO_SUCH_TABLE_OR_SCHEMA = Set.of("42P01", "3F000");

    private Reading() {}

    /** The answer; {@code nothing} while the exporter has not made its tables yet. */
    static <T> T answer(Supplier<T> query, T nothing) {
        try {
            return query.get();
        } catch (BadSqlGrammarException e) {
            SQLException cause = e.getSQLException();
            if (cause != null && NO_SUCH_TABLE_OR_SCHEMA.contains(String.valueOf(cause.getSQLState()))) {
                return nothing;
            }
            throw e;
        } catch (DataAccessResourceFailureException | TransientDataAccessException e) {
            throw down(e);
        }
    }

    private static FailureException down(DataAccessException e) {
        boolean slow = e instanceof QueryTimeoutException;
        return new Failure(
                        "state-database-down",
                        slow
                                ? "The state database did not answer in time."
                                : "The state database cannot be reached: " + message(e),
                        "Runs go on without it and nothing is lost; only what happened cannot be shown until it is back.",
                        "Start the state database or mend its address; then ask again.")
                .passing(e);
    }

    private static String message(DataAccessException e) {
        String message = String.valueOf(e.getMostSpecificCause().getMessage()).strip();
        return message.endsWith(".") ? message : message + ".";
    }
}
