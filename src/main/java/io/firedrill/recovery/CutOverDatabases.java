package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Swaps databases by name. All renames on one server are one transaction: nobody ever sees a moment in which a name is
 * missing, and a crash leaves all of them done or none.
 */
final class CutOverDatabases {
    private final Service service;
    private final String incident;

    CutOverDatabases(Service service, String incident) {
        this.service = service;
        this.incident = incident;
    }

    /** Nothing is renamed by this. Lasting failure {@code nothing-beside} when a restored database is not there or not whole. */
    void requireReady(List<DatabaseTarget> targets) {
        for (DatabaseTarget target : targets) {
            try (Server server = Server.open(service.database(target.database()))) {
                if (!done(server, target)) {
                    requireWhole(server, target);
                }
            }
        }
    }

    /** Those already swapped stay as they are. */
    void cutOver(List<DatabaseTarget> targets) {
        byServer(targets).forEach((address, there) -> {
            try (Server server = Server.open(service.database(there.get(0).database()))) {
                List<DatabaseTarget> todo = there.stream().filter(target -> !done(server, target)).toList();
                for (DatabaseTarget target : todo) {
                    Fence.clear(server, target.dbname());
                    Fence.clear(server, target.beside());
                }
                List<String> statements = new ArrayList<>();
                todo.forEach(target -> statements.addAll(swap(server, target)));
                rename(server, statements);
            }
        });
    }

    private List<String> swap(Server server, DatabaseTarget target) {
        List<String> statements = new ArrayList<>();
        if (server.exists(target.dbname())) {
            statements.addAll(Notes.closeForEvidence(server, target.dbname()));
            statements.add(renaming(target.dbname(), target.setAside()));
        }
        statements.add(renaming(target.beside(), target.dbname()));
        return statements;
    }

    /** The restored one bears the original name: it says so itself, which no damaged original can. */
    private static boolean done(Server server, DatabaseTarget target) {
        return !server.exists(target.beside())
                && Notes.read(server, target.dbname(), Notes.RESTORED_FROM).filter(target.mark()::equals).isPresent();
    }

    private static void requireWhole(Server server, DatabaseTarget target) {
        if (Notes.read(server, target.beside(), Notes.RESTORED_FROM).filter(target.mark()::equals).isEmpty()) {
            throw new Failure(
                            "nothing-beside",
                            "There is no whole restored database %s on %s.".formatted(target.beside(), server.database().host()),
                            "Nothing was renamed; %s is as it was.".formatted(target.dbname()),
                            "Restore it again, then cut over.")
                    .lasting();
        }
    }

    /** The reverse: the restored one goes under another name, what was set aside gets its own name back. */
    void swapBack(List<DatabaseTarget> targets) {
        byServer(targets).forEach((address, there) -> {
            try (Server server = Server.open(service.database(there.get(0).database()))) {
                List<DatabaseTarget> todo = there.stream().filter(target -> swapped(server, target)).toList();
                for (DatabaseTarget target : todo) {
                    Fence.clear(server, target.dbname());
                    Fence.clear(server, target.setAside());
                }
                List<String> statements = new ArrayList<>();
                todo.forEach(target -> statements.addAll(unswap(server, target)));
                rename(server, statements);
            }
        });
    }

    private List<String> unswap(Server server, DatabaseTarget target) {
        List<String> statements = new ArrayList<>(Notes.closeForEvidence(server, target.dbname()));
        statements.add(renaming(target.dbname(), undone(target)));
        if (server.exists(target.setAside())) {
            statements.addAll(Notes.takeBack(server, target.setAside()));
            statements.add(renaming(target.setAside(), target.dbname()));
        }
        return statements;
    }

    private static boolean swapped(Server server, DatabaseTarget target) {
        return Notes.read(server, target.dbname(), Notes.RESTORED_FROM).filter(target.mark()::equals).isPresent()
                && !server.exists(target.beside());
    }

    String undone(DatabaseTarget target) {
        return Names.undone(target.dbname(), incident);
    }

    /** Bytes that a database occupies; 0 when there is none of that name. */
    long bytes(DatabaseTarget target, String dbname) {
        try (Server server = Server.open(service.database(target.database()))) {
            return server.value("select pg_database_size(datname) from pg_database where datname = ?", dbname)
                    .map(Long::parseLong)
                    .orElse(0L);
        }
    }

    private static String renaming(String from, String to) {
        return "alter database %s rename to %s".formatted(Sql.name(from), Sql.name(to));
    }

    private static void rename(Server server, List<String> statements) {
        if (!statements.isEmpty()) {
            server.transaction(statements);
        }
    }

    private Map<String, List<DatabaseTarget>> byServer(List<DatabaseTarget> targets) {
        Map<String, List<DatabaseTarget>> byServer = new LinkedHashMap<>();
        for (DatabaseTarget target : targets) {
            Database db = service.database(target.database());
            byServer.computeIfAbsent(db.host() + ":" + db.port(), address -> new ArrayList<>()).add(target);
        }
        return byServer;
    }
}
