package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** A snapshot keeps rows, not definitions: a table dropped or altered meanwhile cannot be read any more. */
final class SchemaChanges {
    /** Undefined table, column, object or schema; and the internal error for a relation that went away while opened. */
    private static final Set<String> STATES = Set.of("42P01", "42703", "42704", "3F000", "XX000");

    private SchemaChanges() {}

    /** The same failure, or a named one when a change of schema is behind it. */
    static FailureException told(Database db, FailureException e) {
        if (e.getCause() instanceof SQLException sql && STATES.contains(String.valueOf(sql.getSQLState()))) {
            return changed(db, String.valueOf(sql.getMessage())).passing(e);
        }
        return e;
    }

    /** @param rewritten tables that look empty to the snapshot, as {@link SnapshotSession#rewritten} tells them */
    static void refuse(Database db, List<String> rewritten) {
        if (!rewritten.isEmpty()) {
            throw changed(db, "%s truncated or written anew.".formatted(String.join(", ", rewritten))).passing();
        }
    }

    private static Failure changed(Database db, String how) {
        return new Failure(
                "schema-changed",
                "Tables of %s changed while they were read: %s".formatted(db.address(), how),
                "What was read was thrown away; earlier backups are untouched.",
                "Try again when the schema change is over.");
    }
}
