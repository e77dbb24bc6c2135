package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.util.Optional;

/** What stands in the way of replicating, found by asking the server in SQL. */
public final class PgReplication {
    private PgReplication() {}

    /** Lasting {@code missing-replication}, with the statement and the pg_hba line that cure it. */
    public static FailureException roleMayNot(Database db) {
        return PgReplicationFailures.role(db);
    }

    /** Why a replication slot could not be made, if that is what the message says. */
    public static Optional<FailureException> noSlot(Database db, String message, String state) {
        return switch (state) {
            case "53400" -> Optional.of(new Failure(
                            "no-replication-slot",
                            "%s:%d has no free replication slot: %s.".formatted(db.host(), db.port(), message),
                            "The server works; WAL that a backup needs could not be held.",
                            "Raise max_replication_slots in postgresql.conf and restart the server, or drop an unused slot.")
                    .lasting());
            case "42501" -> Optional.of(roleMayNot(db));
            default -> PgReplicationFailures.of(db, message);
        };
    }
}
