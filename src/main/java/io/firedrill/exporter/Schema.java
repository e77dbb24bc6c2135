package io.firedrill.exporter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Creates and updates the schema {@code engine_history}. Brokers and partitions start together, so all of it happens
 * under one advisory lock that ends with the transaction.
 */
final class Schema {
    /** In order; the n-th brings the schema to version n. Applied scripts are never changed. */
    private static final List<String> SCRIPTS = List.of("V1__engine_history.sql");

    private static final long LOCK = 0x4649_5245_4452_494CL; // "FIREDRIL"
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmssSSS'z'").withZone(ZoneOffset.UTC);

    private Schema() {}

    static void update(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            lock(statement);
            statement.execute("create schema if not exists engine_history");
            statement.execute("create table if not exists engine_history.schema_version (version integer primary key,"
                    + " script text not null, applied_at timestamptz not null default now())");
            int version = version(statement);
            if (version > SCRIPTS.size()) {
                throw new SQLException(
                        "The schema engine_history has version %d, made by a newer exporter; this one knows up to %d."
                                        .formatted(version, SCRIPTS.size())
                                + " Nothing was changed. Use the newer exporter's jar.");
            }
            for (String script : SCRIPTS.subList(version, SCRIPTS.size())) {
                statement.execute(read(script));
                statement.execute("insert into engine_history.schema_version (version, script) values (%d, '%s')"
                        .formatted(SCRIPTS.indexOf(script) + 1, script));
            }
        }
        connection.commit();
    }

    /**
     * Keeps another engine's history under another name and starts anew: keys and positions of two engines overlap, so
     * they cannot share tables.
     *
     * @return the name the old schema has now
     */
    static String setAside(Connection connection) throws SQLException {
        String name = "engine_history_until_" + STAMP.format(Instant.now());
        try (Statement statement = connection.createStatement()) {
            lock(statement);
            statement.execute("alter schema engine_history rename to " + name);
        }
        connection.commit();
        update(connection);
        return name;
    }

    private static void lock(Statement statement) throws SQLException {
        statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet result =
                statement.executeQuery("select coalesce(max(version), 0) from engine_history.schema_version")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static String read(String script) {
        try (InputStream in = Schema.class.getResourceAsStream("/db/exporter/" + script)) {
            if (in == null) {
                throw new IllegalStateException("The exporter's jar lacks db/exporter/" + script);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
