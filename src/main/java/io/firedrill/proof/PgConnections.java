package io.firedrill.proof;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/** Opens sessions on the plan's databases, with libpq's URI parameters said in the driver's words. */
public final class PgConnections {
    private static final Map<String, String> DRIVER_NAMES = Map.ofEntries(
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("application_name", "ApplicationName"),
            Map.entry("options", "options"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("krbsrvname", "kerberosServerName"));

    private PgConnections() {}

    /**
     * A new session, auto-commit on; the caller closes it. Failures are those of {@link PgFailures#connecting}: among
     * them {@code wrong-password}, {@code refused-by-pg-hba}, {@code database-missing}, {@code database-fenced} (lasting)
     * and {@code server-unreachable}, {@code server-starting}, {@code too-many-connections} (passing); also
     * {@code password-file} when that cannot be read.
     */
    public static Connection open(Database db) {
        try {
            return connect(db);
        } catch (SQLException e) {
            if (db.others().isEmpty()) {
                throw PgFailures.connecting(db, e);
            }
            return askedOneByOne(db, e);
        }
    }

    private static Connection connect(Database db) throws SQLException {
        // Asked directly, not through DriverManager, which hides the driver from other class loaders.
        Connection connection = new org.postgresql.Driver().connect(url(db), properties(db));
        if (connection == null) {
            throw new IllegalStateException("The PostgreSQL driver does not know " + url(db));
        }
        return connection;
    }

    /**
     * The driver takes a primary whose database is read-only, as what is set aside is, for a standby, and of a database that
     * is fenced or gone on its primary it tells only that no server would do.
     */
    private static Connection askedOneByOne(Database db, SQLException together) {
        FailureException refused = null;
        for (Database.Address address : db.addresses()) {
            Database there = db.at(address);
            try {
                Connection connection = connect(there);
                if (isPrimary(connection)) {
                    return connection;
                }
                connection.close();
            } catch (SQLException e) {
                FailureException failure = PgFailures.connecting(there, e);
                refused = refused == null && !failure.failure().code().equals("server-unreachable") ? failure : refused;
            }
        }
        throw refused == null ? PgFailures.connecting(db, together) : refused;
    }

    private static boolean isPrimary(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select not pg_is_in_recovery()")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** The same database, at the one of its addresses where its server is now. Failures as of {@link #open}. */
    public static Database at(Database db) {
        if (db.others().isEmpty()) {
            return db;
        }
        try (Connection connection = open(db)) {
            HostSpec there = connection.unwrap(PgConnection.class).getQueryExecutor().getHostSpec();
            return db.at(new Database.Address(there.getHost(), there.getPort()));
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private static String url(Database db) {
        return db.addresses().stream().map(Object::toString).collect(Collectors.joining(",", "jdbc:postgresql://", "/"));
    }

    private static Properties properties(Database db) {
        Properties properties = new Properties();
        properties.setProperty("PGDBNAME", db.dbname());
        properties.setProperty("user", db.user());
        properties.setProperty("ApplicationName", "firedrill");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
        if (!db.others().isEmpty()) {
            properties.setProperty("targetServerType", "primary");
            // After a failover the driver's memory of who was what would be wrong.
            properties.setProperty("hostRecheckSeconds", "0");
        }
        db.parameters().forEach((name, value) -> {
            String driverName = DRIVER_NAMES.get(name);
            if (driverName != null) {
                properties.setProperty(driverName, value);
            }
        });
        db.passwordFile().ifPresent(file -> properties.setProperty("password", password(file)));
        return properties;
    }

    private static String password(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.endsWith("\n") ? text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1)) : text;
        } catch (IOException e) {
            throw new Failure(
                            "password-file",
                            "The password file %s cannot be read: %s.".formatted(file, e.getMessage()),
                            "Nothing was done to the database.",
                            "Put the password into that file, readable by the user that runs Firedrill, then try again.")
                    .lasting(e);
        }
    }
}
