package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.proof.PgConnections;
import io.firedrill.replication.Replication.Promoted;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Leads clients to the new primary, and looks whether the plan's own addresses lead there. */
public final class Clients {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Service service;
    private final Clock clock;

    Clients(Service service, Clock clock) {
        this.service = service;
        this.clock = clock;
    }

    /**
     * Runs the plan's program, if it names one, and waits until every database of the service is reached at the new primary
     * by its own URL.
     *
     * @return what was done, in one sentence
     * @throws io.firedrill.failure.FailureException {@code clients-astray} when a URL leads elsewhere
     */
    public String repoint(Promoted promoted) {
        List<String> hook = service.replication().orElseThrow().policy().repoint();
        if (!hook.isEmpty()) {
            int colon = promoted.address().lastIndexOf(':');
            Hook.run(hook, Map.of(
                    "FIREDRILL_SERVICE", service.name(),
                    "FIREDRILL_NODE", promoted.node(),
                    "FIREDRILL_HOST", promoted.address().substring(0, colon),
                    "FIREDRILL_PORT", promoted.address().substring(colon + 1)), "repoint");
        }
        for (Database db : service.databases().values()) {
            if (!Pause.until(PATIENCE, () -> leadsToWrites(db).isEmpty())) {
                throw new Failure(
                                "clients-astray",
                                "The URL of database '%s' does not lead to the new primary %s: %s".formatted(
                                        db.name(), promoted.address(), leadsToWrites(db).orElse("now it does")),
                                "The new primary works; clients that use this address do not reach it.",
                                "Name all nodes in the URL with target_session_attrs=read-write, or give the plan a repoint program.")
                        .lasting();
            }
        }
        return "%s%s reached at %s".formatted(
                hook.isEmpty() ? "" : hook.getFirst() + " was run; ", String.join(", ", service.databases().keySet()), promoted.address());
    }

    /** Why not, if it does not. */
    private static Optional<String> leadsToWrites(Database db) {
        try {
            Database there = PgConnections.at(db);
            boolean writable = new NodeServer(db.name(), there).ask(Duration.ofSeconds(10), statement ->
                    !NodeServer.bool(statement, "select pg_is_in_recovery()"));
            return writable ? Optional.empty() : Optional.of("%s takes no writes.".formatted(there.address()));
        } catch (FailureException e) {
            return Optional.of(e.failure().what());
        }
    }

    /** Writes to every database of the service, by its own URL; one sentence. */
    public String proveWrites() {
        List<WriteProof.Written> written = service.databases().values().stream().map(db -> WriteProof.of(db, clock)).toList();
        return "committed to " + String.join(", ", written.stream()
                .map(one -> "%s (transaction %s)".formatted(one.database(), one.transaction()))
                .toList());
    }
}
