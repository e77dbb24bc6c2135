package io.firedrill.exporter;

import io.firedrill.tool.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL server of its own on loopback, that a test may stop and start. */
public final class LocalPostgres implements AutoCloseable {
    private static final Path BIN =
            Path.of(System.getProperty("firedrill.postgres.bin", "/usr/lib/postgresql/15/bin"));
    private static final String PASSWORD = "state-secret";
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path folder;
    private final Path passwordFile;
    private final int port;

    private LocalPostgres(Path folder, Path passwordFile, int port) {
        this.folder = folder;
        this.passwordFile = passwordFile;
        this.port = port;
    }

    public static LocalPostgres start() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("firedrill-postgres");
        Path passwordFile = Files.writeString(Files.createTempFile("firedrill-postgres", ".pass"), PASSWORD + "\n");
        if (ROOT) {
            exec("chown", "postgres:", folder.toString(), passwordFile.toString());
        }
        LocalPostgres postgres = new LocalPostgres(folder, passwordFile, Ports.free());
        postgres.tool("initdb", "-D", folder.toString(), "-U", "state", "-A", "scram-sha-256", "--pwfile",
                passwordFile.toString(), "-E", "UTF8", "--no-sync");
        postgres.up();
        return postgres;
    }

    public void up() throws IOException, InterruptedException {
        tool("pg_ctl", "-D", folder.toString(), "-w", "-l", folder.resolve("log").toString(), "-o",
                "-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off".formatted(port), "start");
    }

    public void down() throws IOException, InterruptedException {
        tool("pg_ctl", "-D", folder.toString(), "-w", "-m", "immediate", "stop");
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
    }

    public String user() {
        return "state";
    }

    public Path passwordFile() {
        return passwordFile;
    }

    public DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url());
        dataSource.setUser(user());
        dataSource.setPassword(PASSWORD);
        return dataSource;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (Files.exists(folder.resolve("postmaster.pid"))) {
            down();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.delete(passwordFile);
    }


    private void tool(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (ROOT) {
            command.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        command.add(BIN.resolve(name).toString());
        command.addAll(List.of(arguments));
        exec(command.toArray(String[]::new));
    }

    private static void exec(String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("firedrill-postgres", ".out");
        Process process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        String said = Files.readString(output);
        Files.delete(output);
        if (!ended || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said);
        }
    }
}
