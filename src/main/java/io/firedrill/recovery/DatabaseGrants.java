package io.firedrill.recovery;

import io.firedrill.store.Manifest.DatabaseSettings;
import io.firedrill.store.Manifest.Grant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The privileges on a database as statements, each granted by whom it was granted by. */
final class DatabaseGrants {
    private final String database;
    private final DatabaseSettings settings;

    DatabaseGrants(String database, DatabaseSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** None when the backup recorded none: then those of a new database are meant. */
    List<String> statements() {
        if (settings.acl().isEmpty()) {
            return List.of();
        }
        List<String> statements = new ArrayList<>();
        statements.add("revoke all on database %s from public, %s".formatted(Sql.name(database), Sql.name(settings.owner())));
        Set<Grant> left = new LinkedHashSet<>(settings.acl());
        Set<Grant> done = new LinkedHashSet<>();
        while (!left.isEmpty()) {
            // Whoever passes on a privilege must have it first; the owner needs nothing. What nobody could have
            // granted comes last and fails there, with PostgreSQL's own words.
            Grant next = left.stream().filter(grant -> possible(grant, done)).findFirst().orElse(left.iterator().next());
            left.remove(next);
            done.add(next);
            statements.addAll(statements(next));
        }
        return statements;
    }

    private boolean possible(Grant grant, Set<Grant> done) {
        return grant.grantor().equals(settings.owner())
                || done.stream().anyMatch(own -> own.grantable() && own.privilege().equals(grant.privilege())
                        && grant.grantor().equals(own.grantee()));
    }

    private List<String> statements(Grant grant) {
        String sql = "grant %s on database %s to %s%s".formatted(grant.privilege(), Sql.name(database), role(grant.grantee()),
                grant.grantable() ? " with grant option" : "");
        // PostgreSQL lets a superuser's grant count as the owner's.
        return grant.grantor().equals(settings.owner())
                ? List.of(sql)
                : List.of("set local role " + Sql.name(grant.grantor()), sql, "reset role");
    }

    private static String role(@Nullable String grantee) {
        return grantee == null ? "public" : Sql.name(grantee);
    }
}
