package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Roles that the restored database needs and the server has not (on a new server, usually): made from the
 * source's globals as they were, with their passwords; memberships are not remade. Roles that exist are never touched.
 */
final class MissingRoles {
    private MissingRoles() {}

    static void create(Server server, DumpSource source) {
        Set<String> missing = new HashSet<>(source.inventory().lines("roles"));
        missing.removeAll(server.column("select rolname from pg_roles"));
        if (missing.isEmpty()) {
            return;
        }
        List<String> statements = statements(missing, server, source.globals());
        Set<String> unknown = new HashSet<>(missing);
        unknown.removeIf(role -> statements.contains("CREATE ROLE %s;".formatted(identifier(server, role))));
        if (!unknown.isEmpty()) {
            throw missingRoles(unknown);
        }
        server.transaction(statements);
    }

    /** pg_dumpall writes one statement a line. */
    private static List<String> statements(Set<String> missing, Server server, List<String> globals) {
        List<String> statements = new ArrayList<>();
        for (String role : missing) {
            String name = identifier(server, role);
            globals.stream().filter(line -> line.equals("CREATE ROLE %s;".formatted(name))).forEach(statements::add);
        }
        for (String role : missing) {
            String name = identifier(server, role);
            globals.stream()
                    .filter(line -> line.startsWith("ALTER ROLE %s WITH ".formatted(name))
                            || line.startsWith("ALTER ROLE %s SET ".formatted(name)))
                    .forEach(statements::add);
        }
        return statements;
    }

    /** As pg_dumpall quotes it. */
    private static String identifier(Server server, String role) {
        return server.value("select quote_ident(?)", role).orElseThrow();
    }

    private static RuntimeException missingRoles(Set<String> unknown) {
        return new Failure(
                        "missing-roles",
                        "The server lacks roles that the backup's owners and grants name: %s."
                                .formatted(String.join(", ", unknown.stream().sorted().toList())),
                        "Restored without them, the database would belong to the wrong people; nothing was changed.",
                        "CREATE ROLE each of them, then try again.")
                .lasting();
    }
}
