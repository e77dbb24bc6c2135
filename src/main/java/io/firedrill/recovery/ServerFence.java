package io.firedrill.recovery;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps applications out of every database of a server, as {@link Fence} does of one. What is noted on the databases goes
 * into the WAL and so comes back with them on a server that is restored to its latest moment.
 */
final class ServerFence {
    private static final Set<String> NOBODY_THERE = Set.of("server-unreachable", "server-starting", "session-ended");

    /** All that applications use: neither templates, nor what was set aside for evidence, nor the one we are on. */
    private static final String IN_USE = "select datname from pg_database d where not datistemplate and datname <> current_database()"
            + " and not exists (select from pg_db_role_setting s, unnest(s.setconfig) c where s.setdatabase = d.oid and s.setrole = 0"
            + " and split_part(c, '=', 1) = '" + Notes.READ_ONLY + "')";

    private ServerFence() {}

    /** Returns how many sessions were ended; a server that is down has none. */
    static long fence(Database db) {
        try (Server server = Server.open(db)) {
            long ended = 0;
            for (String name : server.column(IN_USE + " and datallowconn")) {
                server.transaction(List.of(
                        Notes.set(name, Notes.CONNECTION_LIMIT, Notes.connectionLimit(server, name)),
                        "alter database %s with allow_connections false".formatted(Sql.name(name))));
            }
            for (String name : server.column(IN_USE)) {
                ended += Fence.clear(server, name);
            }
            return ended;
        } catch (FailureException e) {
            if (NOBODY_THERE.contains(e.failure().code())) {
                return 0;
            }
            throw e;
        }
    }

    /** On a restored server: superusers may look into everything, applications cannot connect. */
    static void closeForChecks(Database restored) {
        try (Server server = Server.open(restored)) {
            List<String> statements = new ArrayList<>();
            for (String name : server.column(IN_USE)) {
                statements.add(Notes.set(name, Notes.CONNECTION_LIMIT, Notes.connectionLimit(server, name)));
                statements.add("alter database %s with allow_connections true connection limit 0".formatted(Sql.name(name)));
            }
            server.transaction(statements);
        }
    }

    /** Every database that {@link #fence} or {@link #closeForChecks} closed. */
    static void unfence(Database db) {
        try (Server server = Server.open(db)) {
            for (String name : server.column(IN_USE)) {
                if (Notes.read(server, name, Notes.CONNECTION_LIMIT).isPresent()) {
                    Fence.open(server, name);
                }
            }
        }
    }
}
