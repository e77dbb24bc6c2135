package io.firedrill.diagnosis.server;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Which of its addresses a diagnosis looks at, when the plan says that a server may be at several. */
public final class Primary {
    private static final Set<String> ASK_ANOTHER_DATABASE = Set.of("database-missing", "database-fenced");

    private enum Role {
        PRIMARY,
        STANDBY,
        /** It does not answer, or not us. */
        UNKNOWN
    }

    private Primary() {}

    /**
     * The same database at one address: where its primary is now, which after a failover is not the plan's first. When
     * nobody says that it is one, the first that does not say it is a standby: that one has the trouble.
     */
    public static Database of(Database db) {
        if (db.others().isEmpty()) {
            return db;
        }
        Map<Database, Role> roles = new LinkedHashMap<>();
        for (Database.Address address : db.addresses()) {
            Database one = db.at(address);
            Role role = role(one);
            if (role == Role.PRIMARY) {
                return one;
            }
            roles.put(one, role);
        }
        return roles.entrySet().stream()
                .filter(one -> one.getValue() == Role.UNKNOWN)
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseGet(() -> db.at(db.addresses().getFirst()));
    }

    /** Spoken to first: one that is stopped or hangs would take the connection and let us wait. */
    private static Role role(Database one) {
        if (Reach.of(one) != Reach.ANSWERS) {
            return Role.UNKNOWN;
        }
        try {
            return ask(one);
        } catch (FailureException e) {
            return ASK_ANOTHER_DATABASE.contains(e.failure().code()) && !one.dbname().equals("postgres")
                    ? role(one.onDatabase("postgres"))
                    : Role.UNKNOWN;
        } catch (SQLException e) {
            return Role.UNKNOWN;
        }
    }

    private static Role ask(Database one) throws SQLException {
        try (Connection connection = PgConnections.open(one);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1) ? Role.STANDBY : Role.PRIMARY;
        }
    }
}
