package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.transaction.CannotCreateTransactionException;

/** What the state database's troubles mean to somebody who wants in. */
final class AccessTables {
    private AccessTables() {}

    static <T> T answer(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessResourceFailureException | TransientDataAccessException | BadSqlGrammarException
                | CannotCreateTransactionException e) {
            throw new Failure(
                            "state-database-down",
                            e instanceof BadSqlGrammarException
                                    ? "The state database's tables are not ready yet."
                                    : "The state database, which knows people and tokens, does not answer.",
                            "Nobody can sign in and no API token is known until it is back. Runs and recoveries go on without it.",
                            "On the server's host the firedrill command works all the same. Start the state database, then try again.")
                    .passing(e);
        }
    }
}
