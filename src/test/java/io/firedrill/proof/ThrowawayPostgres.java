package io.firedrill.proof;

import io.firedrill.plan.Database;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server below /tmp that several test classes share; it goes when the tests end. */
public final class ThrowawayPostgres {
    private static final String PASSWORD = "it's a pass word";

    private static @org.jspecify.annotations.Nullable ThrowawayPostgres shared;

    private final LocalPostgres server;
    private final Path passwordFile;

    private ThrowawayPostgres(LocalPostgres server, Path passwordFile) {
        this.server = server;
        this.passwordFile = passwordFile;
    }

    public static synchronized ThrowawayPostgres shared() {
        if (shared == null) {
            ThrowawayPostgres own = start();
            Runtime.getRuntime().addShutdownHook(new Thread(own::remove));
            shared = own;
        }
        return shared;
    }

    /** For tests that break the whole server; to be removed by them. */
    public static ThrowawayPostgres start() {
        try {
            Path folder = Files.createTempDirectory("firedrill-test-postgres");
            LocalPostgres server = new LocalPostgres(folder, Ports.free());
            server.create(PASSWORD, Map.of("fsync", "off", "wal_level", "logical", "max_prepared_transactions", "5",
                    "shared_buffers", "64MB", "max_connections", "60"));
            server.start();
            Path passwordFile = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            return new ThrowawayPostgres(server, passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }


    public LocalPostgres server() {
        return server;
    }

    /** As the plan would have it. */
    public Database database(String name, String dbname) {
        return new Database(name, "127.0.0.1", server.port(), LocalPostgres.SUPERUSER, dbname, Map.of(), Optional.of(passwordFile));
    }

    public DataSource dataSource(String dbname) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server.port()});
        source.setDatabaseName(dbname);
        source.setUser(LocalPostgres.SUPERUSER);
        source.setPassword(PASSWORD);
        return source;
    }

    public Database create(String dbname) {
        sql("postgres", "create database " + Tables.quoted(dbname) + " template template0");
        return database("orders", dbname);
    }

    /** One after the other, each a transaction of its own. */
    public void sql(String dbname, String... statements) {
        try (Connection connection = PgConnections.open(database("test", dbname));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(String.join("; ", statements) + ": " + e.getMessage(), e);
        }
    }

    public List<String> column(String dbname, String sql) {
        try (Connection connection = PgConnections.open(database("test", dbname));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> column = new ArrayList<>();
            while (row.next()) {
                column.add(row.getString(1));
            }
            return column;
        } catch (SQLException e) {
            throw new AssertionError(sql + ": " + e.getMessage(), e);
        }
    }

    public String value(String dbname, String sql) {
        return column(dbname, sql).get(0);
    }

    /** Runs a script of the test resources by psql, stopping at the first error. */
    public void script(String dbname, String resource) {
        try {
            Path script = Files.createTempFile("firedrill-test", ".sql");
            Files.write(script, ThrowawayPostgres.class.getResourceAsStream(resource).readAllBytes());
            run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--set=db=" + dbname, "--dbname=" + conninfo(dbname),
                    "--output=/dev/null", "--file=" + script);
            Files.delete(script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PostgreSQL client program with this server's password. */
    public void run(String program, String... arguments) {
        Command.Result<String> result = Command.of(Programs.find(program), arguments)
                .withEnvironment(Map.of("PGPASSWORD", PASSWORD))
                .withDeadline(Duration.ofMinutes(2))
                .run();
        if (!result.succeeded()) {
            throw new AssertionError(program + ": " + result.stderr());
        }
    }

    public String conninfo(String dbname) {
        return "host=127.0.0.1 port=%d user=%s dbname='%s'".formatted(
                server.port(), LocalPostgres.SUPERUSER, dbname.replace("\\", "\\\\").replace("'", "\\'"));
    }

    /** Also one that subscribes to something. */
    public void drop(String dbname) {
        if (column("postgres", "select 1 from pg_database where datname = '" + dbname.replace("'", "''") + "'").isEmpty()) {
            return;
        }
        sql("postgres", "alter database " + Tables.quoted(dbname) + " with allow_connections true");
        for (String sub : column(dbname, "select quote_ident(subname) from pg_subscription s join pg_database d on d.oid = s.subdbid"
                + " where d.datname = current_database()")) {
            sql(dbname, "set default_transaction_read_only = off", "alter subscription " + sub + " disable",
                    "alter subscription " + sub + " set (slot_name = none)", "drop subscription " + sub);
        }
        sql("postgres", "drop database " + Tables.quoted(dbname) + " with (force)");
    }

    public void remove() {
        server.stop();
        try (Stream<Path> all = Files.walk(server.folder())) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
