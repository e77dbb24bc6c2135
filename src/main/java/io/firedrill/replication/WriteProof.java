package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Proves that a database takes writes: a transaction that writes WAL and nothing else is committed, and asked for again. */
final class WriteProof {
    private WriteProof() {}

    /** @param transaction its id, as the server tells it */
    record Written(String database, String transaction, Instant at) {}

    static Written of(Database db, Clock clock) {
        NodeServer server = new NodeServer(db.name(), db);
        String id = server.ask(Duration.ofSeconds(15), statement -> {
            statement.execute("begin");
            String transaction = NodeServer.text(statement, "select pg_current_xact_id()::text").orElseThrow();
            statement.execute("select pg_logical_emit_message(true, 'firedrill', 'write proof')");
            statement.execute("commit");
            String status = NodeServer.text(statement, "select pg_xact_status('%s'::xid8)".formatted(transaction)).orElse("unknown");
            if (!status.equals("committed")) {
                throw new Failure(
                                "not-writable",
                                "%s does not keep what is written: transaction %s is %s.".formatted(db.address(), transaction, status),
                                "The service cannot be used yet.",
                                "Look into the server's log, then try again.")
                        .lasting();
            }
            return transaction;
        });
        return new Written(db.name(), id, clock.instant());
    }
}
