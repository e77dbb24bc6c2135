package io.firedrill.proof;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

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
        Properties properties = properties(db);
        try {
            // Asked directly, not through DriverManager, which hides the driver from other class loaders.
            Connection connection = new org.postgresql.Driver().connect(url(db), properties);
            if (connection == null) {
                throw new IllegalStateException("The PostgreSQL driver does not know " + url(db));
            }
            return connection;
        } catch (SQLException e) {
            throw PgFailures.connecting(db, e);
        }
    }

    private static String url(Database db) {
        String host = db.host().contains(":") && !db.host().startsWith("[") ? "[" + db.host() + "]" : db.host();
        return "jdbc:postgresql://" + host + ":" + db.port() + "/";
    }

    private static Properties properties(Database db) {
        Properties properties = new Properties();
        properties.setProperty("PGDBNAME", db.dbname());
        properties.setProperty("user", db.user());
        properties.setProperty("ApplicationName", "firedrill");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("tcpKeepAlive", "true");
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
