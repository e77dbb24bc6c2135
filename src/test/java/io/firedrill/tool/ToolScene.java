package io.firedrill.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Database;
import io.firedrill.plan.Repository;
import io.firedrill.proof.PgConnections;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/** A server that the real pgBackRest and the real Barman both keep backups of: Barman streams its WAL, pgBackRest has it archived. */
public final class ToolScene implements AutoCloseable {
    /** Of the superuser. */
    public static final String PASSWORD = "secret";
    private static final String OWN = System.getProperty("user.name");
    public static final String USER = LocalPostgres.root() ? "postgres" : OWN;

    private final Path folder;
    private final LocalPostgres server;
    private final Path pgBackRestConfig;
    private final Path barmanConfig;

    private ToolScene(Path folder, LocalPostgres server, Path pgBackRestConfig, Path barmanConfig) {
        this.folder = folder;
        this.server = server;
        this.pgBackRestConfig = pgBackRestConfig;
        this.barmanConfig = barmanConfig;
    }

    public static ToolScene start() {
        try {
            Path folder = Files.createTempDirectory("firedrill-test-tools");
            LocalPostgres.own(folder);
            LocalPostgres server = new LocalPostgres(folder.resolve("server"), Ports.free());
            for (String name : List.of("repo", "log", "lock", "spool", "barman", "barman.d")) {
                LocalPostgres.own(Files.createDirectories(folder.resolve(name)));
            }
            ToolScene scene = new ToolScene(folder, server, pgBackRestConfiguration(folder, server), barmanConfiguration(folder, server));
            scene.begin();
            return scene;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin() throws IOException {
        server.create(PASSWORD, Map.of("fsync", "off", "unix_socket_directories", folder.toString(), "archive_mode", "on",
                "archive_command", archiveCommand()));
        server.allow(List.of("local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"));
        server.start();
        run(Command.of(Programs.find("pgbackrest"), "--config=" + pgBackRestConfig, "--stanza=main", "stanza-create"));
        run(barman("cron"));
        sql("create table numbers as select generate_series(1, 1000) as n");
        // Its receiver makes the slot, and a first segment must have come before it takes a backup.
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() ->
                server.unprivileged(barman("switch-wal", "--force", "--archive", "main")).run().succeeded()
                        && server.unprivileged(barman("check", "main")).run().value().contains("receive-wal running: OK"));
    }

    private String archiveCommand() {
        return "pgbackrest --config=" + pgBackRestConfig + " --stanza=main archive-push %p";
    }

    /** From now on WAL is archived by this command; null: by pgBackRest again. */
    public void archiveBy(String command) {
        sql("alter system set archive_command = '%s'".formatted(command == null ? archiveCommand() : command), "select pg_reload_conf()");
    }

    private static Path pgBackRestConfiguration(Path folder, LocalPostgres server) throws IOException {
        return Files.writeString(folder.resolve("pgbackrest.conf"), """
                [global]
                repo1-path=%1$s/repo
                repo1-retention-full=2
                compress-type=lz4
                log-path=%1$s/log
                lock-path=%1$s/lock
                spool-path=%1$s/spool
                start-fast=y
                archive-timeout=20
                [main]
                pg1-path=%2$s
                pg1-port=%3$d
                pg1-socket-path=%1$s
                pg1-user=%4$s
                """.formatted(folder, server.data(), server.port(), LocalPostgres.SUPERUSER));
    }

    private static Path barmanConfiguration(Path folder, LocalPostgres server) throws IOException {
        String connect = "host=127.0.0.1 port=%d user=%s".formatted(server.port(), LocalPostgres.SUPERUSER);
        Files.writeString(folder.resolve("barman.d/main.conf"), """
                [main]
                description = main
                conninfo = %1$s dbname=postgres
                streaming_conninfo = %1$s
                backup_method = postgres
                streaming_archiver = on
                slot_name = barman
                create_slot = auto
                immediate_checkpoint = true
                retention_policy = REDUNDANCY 1
                path_prefix = %2$s
                """.formatted(connect, Path.of(Programs.find("pg_receivewal")).getParent()));
        return Files.writeString(folder.resolve("barman.conf"), """
                [barman]
                barman_user = %1$s
                configuration_files_directory = %2$s/barman.d
                barman_home = %2$s/barman
                log_file = %2$s/barman/barman.log
                """.formatted(USER, folder));
    }

    public Path folder() {
        return folder;
    }

    public LocalPostgres server() {
        return server;
    }

    public Repository pgBackRest() {
        return new Repository(Repository.Tool.PGBACKREST, "main", Optional.of(pgBackRestConfig), USER);
    }

    public Repository barman() {
        return new Repository(Repository.Tool.BARMAN, "main", Optional.of(barmanConfig), USER);
    }

    public Command barman(String... arguments) {
        return Command.of(Programs.find("barman"), "--config=" + barmanConfig).with(arguments);
    }

    public Command pgBackRest(String... arguments) {
        return Command.of(Programs.find("pgbackrest"), "--config=" + pgBackRestConfig, "--stanza=main").with(arguments);
    }

    /** As the tools' user; must succeed. */
    public String run(Command command) {
        Command.Result<String> result = server.unprivileged(command.withDeadline(Duration.ofMinutes(3))).run();
        assertThat(result.succeeded()).as(command + ": " + result.stderr() + result.value()).isTrue();
        return result.value();
    }

    /** In database {@code postgres}. */
    public void sql(String... statements) {
        sql(database(server.port()), statements);
    }

    public static void sql(Database db, String... statements) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    public String value(String sql) {
        return value(server.port(), sql);
    }

    public static String value(int port, String sql) {
        return value(database(port), sql);
    }

    public static String value(Database db, String sql) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Database {@code postgres} of the server on that port. */
    public static Database database(int port) {
        return new Database("orders", "127.0.0.1", port, LocalPostgres.SUPERUSER, "postgres", Map.of(), Optional.empty());
    }


    /** Flips one bit in a data file of this backup in the tool's repository; again: flips it back. */
    public void flip(Repository repository, String label) {
        String inside = label + (repository.tool() == Repository.Tool.BARMAN ? "/data/base/" : "/pg_data/base/");
        try (Stream<Path> files = Files.walk(folder)) {
            Path victim = files.filter(file -> file.toString().contains(inside))
                    .filter(Files::isRegularFile)
                    .filter(file -> file.toFile().length() > 10_000)
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(victim);
            bytes[5000] ^= 1;
            Files.write(victim, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.unprivileged(barman("receive-wal", "--stop", "main")).run();
        server.stop();
        try {
            FileSystemUtils.deleteRecursively(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
