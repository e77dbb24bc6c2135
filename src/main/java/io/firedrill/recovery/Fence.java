package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Service;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.traffic.Traffic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Keeps everybody out of a database: {@code ALLOW_CONNECTIONS false}, which even superusers obey, and every session
 * ended. Restored databases are kept closed by {@code CONNECTION LIMIT 0} until {@link #unfence}: Firedrill's own
 * superuser can look into them, applications cannot. What leads people there, load balancer and pooler, is held up first
 * and let go last, where the plan names it.
 */
final class Fence {
    private static final Duration POLITE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 100;

    private final Service service;
    private final Clock clock;

    Fence(Service service, Clock clock) {
        this.service = service;
        this.clock = clock;
    }

    Recovery.Fenced fence(RestorePlan plan) {
        List<String> held = new Traffic(service.traffic()).hold();
        long ended = 0;
        for (DatabaseTarget target : plan.databases()) {
            try (Server server = Server.open(service.database(target.database()))) {
                if (server.exists(target.dbname())) {
                    server.execute("alter database %s with allow_connections false".formatted(Sql.name(target.dbname())));
                    ended += clear(server, target.dbname());
                    refusePrepared(server, target.dbname());
                }
            }
        }
        return new Recovery.Fenced(clock.instant(), ended, held);
    }

    /** Gives short work the chance to end by itself, then ends all sessions and waits until they are gone. */
    static long clear(Server server, String dbname) {
        long polite = System.nanoTime() + POLITE.toNanos();
        while (busy(server, dbname) && System.nanoTime() < polite) {
            sleep();
        }
        long ended = server.sessions(dbname);
        long patience = System.nanoTime() + PATIENCE.toNanos();
        server.endSessions(dbname);
        while (server.sessions(dbname) > 0) {
            if (System.nanoTime() > patience) {
                throw sessionsRemain(server, dbname);
            }
            sleep();
            server.endSessions(dbname);
        }
        return ended;
    }

    private static boolean busy(Server server, String dbname) {
        return server.value("select 1 from pg_stat_activity where datname = ? and state = 'active'"
                        + " and backend_type = 'client backend' limit 1", dbname)
                .isPresent();
    }

    private static RuntimeException sessionsRemain(Server server, String dbname) {
        return new Failure(
                        "sessions-remain",
                        "Sessions on %s do not end within %s s.".formatted(dbname, PATIENCE.toSeconds()),
                        "The database cannot be renamed while they are there; nothing was changed but that new ones are refused.",
                        "Look at pg_stat_activity for %s on %s; it is tried again.".formatted(dbname, server.database().host()))
                .passing();
    }

    /** A transaction prepared for two-phase commit holds a database open without any session. */
    private static void refusePrepared(Server server, String dbname) {
        List<String> prepared = server.column("select gid from pg_prepared_xacts where database = ?", dbname);
        if (!prepared.isEmpty()) {
            throw new Failure(
                            "prepared-transactions",
                            "%s has prepared transactions: %s.".formatted(dbname, String.join(", ", prepared)),
                            "They keep the database from being renamed; their data is safe.",
                            "Connect nothing; as a superuser run COMMIT PREPARED or ROLLBACK PREPARED for each, then try again.")
                    .lasting();
        }
    }

    Instant unfence(RestorePlan plan) {
        for (DatabaseTarget target : plan.databases()) {
            try (Server server = Server.open(service.database(target.database()))) {
                if (server.exists(target.dbname())) {
                    open(server, target.dbname());
                }
            }
        }
        new Traffic(service.traffic()).release();
        return clock.instant();
    }

    static void open(Server server, String dbname) {
        Optional<String> limit = Notes.read(server, dbname, Notes.CONNECTION_LIMIT);
        if (limit.isEmpty()) {
            server.execute("alter database %s with allow_connections true".formatted(Sql.name(dbname)));
            return;
        }
        server.transaction(List.of(
                "alter database %s with allow_connections true connection limit %d"
                        .formatted(Sql.name(dbname), Integer.parseInt(limit.get())),
                Notes.reset(dbname, Notes.CONNECTION_LIMIT)));
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "Ending sessions was cancelled.", "Some are ended, the data is as it was.",
                            "Start the step again.")
                    .passing(e);
        }
    }
}
