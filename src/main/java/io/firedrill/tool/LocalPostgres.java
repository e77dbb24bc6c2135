package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server of our own on this host, on 127.0.0.1 only: the embedded state database, and the demo's servers.
 * PostgreSQL refuses to run as root, so root runs it as {@code postgres}, with the one capability (to search folders)
 * that lets it reach a data folder below a private home.
 *
 * @param folder holds {@code data} and {@code server.log}
 */
public record LocalPostgres(Path folder, int port) {
    public static final String SUPERUSER = "firedrill";
    private static final Duration START_DEADLINE = Duration.ofMinutes(2);
    private static final int SIGNALS_AT_MOST = 10;
    private static final String UNPRIVILEGED = "postgres";

    public Path data() {
        return folder.resolve("data");
    }

    public Path log() {
        return folder.resolve("server.log");
    }

    public boolean exists() {
        return Files.exists(data().resolve("PG_VERSION"));
    }

    /** Makes the cluster, superuser {@value #SUPERUSER} with this password; settings go to postgresql.auto.conf's neighbour. */
    public void create(String password, Map<String, String> settings) {
        try {
            Files.createDirectories(folder);
            Path passwordFile = folder.resolve("initdb.password");
            Files.deleteIfExists(passwordFile);
            Files.createFile(passwordFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile, password);
            own(folder);
            own(passwordFile);
            Command initdb = Command.of(Programs.find("initdb"), "-D", data().toString(), "-U", SUPERUSER,
                            "--auth=scram-sha-256", "--pwfile=" + passwordFile, "--encoding=UTF8", "--locale=C.UTF-8",
                            "--data-checksums", "--no-sync")
                    .withDeadline(START_DEADLINE);
            check(unprivileged(initdb).run(), "initdb");
            Files.delete(passwordFile);
            configure(settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes settings to {@code firedrill.conf}, included from postgresql.conf; in force after the next start. */
    public void configure(Map<String, String> settings) throws IOException {
        StringBuilder text = new StringBuilder("listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n");
        text.append("port = ").append(port).append('\n');
        settings.forEach((name, value) ->
                text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
        Path conf = data().resolve("firedrill.conf");
        Files.writeString(conf, text);
        own(conf);
        Path main = data().resolve("postgresql.conf");
        String include = "include_if_exists 'firedrill.conf'\n";
        if (!Files.readString(main).contains(include)) {
            Files.writeString(main, include, StandardOpenOption.APPEND);
        }
    }

    /** Lines for pg_hba.conf, put before the others. */
    public void allow(List<String> hbaLines) throws IOException {
        Path hba = data().resolve("pg_hba.conf");
        Files.writeString(hba, String.join("\n", hbaLines) + "\n" + Files.readString(hba));
    }

    /** Starts and waits until it takes connections; already running is fine. */
    public void start() {
        if (running()) {
            return;
        }
        Command start = Command.of(Programs.find("pg_ctl"), "start", "-w", "-D", data().toString(), "-l", log().toString(),
                        "-t", String.valueOf(START_DEADLINE.toSeconds()), "-s")
                .withDeadline(START_DEADLINE.plusSeconds(10));
        check(detached(unprivileged(start)).run(), "pg_ctl start");
    }

    /** Starts it and does not wait: one that has WAL to replay first may take hours until it takes connections. */
    public void begin() {
        Command start = Command.of(Programs.find("pg_ctl"), "start", "-W", "-D", data().toString(), "-l", log().toString(), "-s")
                .withDeadline(START_DEADLINE);
        check(detached(unprivileged(start)).run(), "pg_ctl start");
    }

    /** Major version of the server programs on this host, e.g. 15. */
    public static int majorVersion() {
        return PgDump.major(PgDump.version("pg_ctl"));
    }

    /** Ends sessions and stops; not running is fine, and so is somebody else stopping it at the same time. */
    public void stop() {
        Command stop = Command.of(Programs.find("pg_ctl"), "stop", "-w", "-D", data().toString(), "-m", "fast", "-s");
        Instant end = Instant.now().plus(START_DEADLINE);
        while (running()) {
            Command.Result<String> result = untouched(stop);
            // An initdb whose parent was killed: it cannot be told to stop, and ends by itself within seconds.
            boolean stillMade = result.stderr().contains("single-user server");
            if (running() && (!stillMade || Instant.now().isAfter(end))) {
                check(result, "pg_ctl stop");
            }
            if (stillMade) {
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    public boolean running() {
        if (!exists()) {
            return false;
        }
        Command.Result<String> status = untouched(Command.of(Programs.find("pg_ctl"), "status", "-D", data().toString()));
        // 3: it is not running; 4: there is no such data directory, any more (pg_ctl's manual page).
        if (status.exit() != 3 && status.exit() != 4) {
            check(status, "pg_ctl status");
        }
        return status.succeeded();
    }

    /** The command as the user that owns the cluster. */
    public Command unprivileged(Command command) {
        return root() ? command.withDirectory(Path.of("/")).behind(unprivilegedWords()) : command;
    }

    /** What makes a command run as that user; nothing when we are not root. */
    public static List<String> unprivilegedWords() {
        return !root()
                ? List.of()
                : List.of(Programs.find("setpriv"), "--reuid=" + UNPRIVILEGED, "--regid=" + UNPRIVILEGED,
                        "--init-groups", "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search");
    }

    /** A terminal's Ctrl-C reaches the whole group: neither a server nor what stops one may end half-way by it. */
    private static Command detached(Command command) {
        return command.behind(List.of(Programs.find("setsid"), "--wait"));
    }

    /** Done again when a signal ended it all the same, in the moment before it had a session of its own. */
    private Command.Result<String> untouched(Command command) {
        Command detached = detached(unprivileged(command));
        Command.Result<String> result = detached.run();
        for (int again = 0; again < SIGNALS_AT_MOST && result.exit() > Command.SIGNALLED; again++) {
            result = detached.run();
        }
        return result;
    }

    /** Gives a file or folder to the user that the server runs as. */
    public static void own(Path path) throws IOException {
        if (root()) {
            Files.setOwner(path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED));
        }
    }

    public static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void check(Command.Result<String> result, String what) {
        if (!result.succeeded()) {
            throw new Failure(
                            "local-postgres",
                            "%s failed for %s: %s".formatted(what, data(), (result.stderr() + result.value()).strip()),
                            "This PostgreSQL server is Firedrill's own; your databases are not touched.",
                            "Its log is " + log() + tail())
                    .lasting();
        }
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.UTF_8);
            return ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
        } catch (IOException e) {
            return ".";
        }
    }
}
