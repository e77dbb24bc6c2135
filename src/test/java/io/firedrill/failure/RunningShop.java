package io.firedrill.failure;

import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.Listening;
import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.Measure;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Keys;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A service {@code shop} (a database and a folder, both on a small disk) with two stores on small disks, and a real
 * Firedrill server with engine and state database that looks after it.
 */
final class RunningShop implements AutoCloseable {
    private static final String DBNAME = "shop";

    final ThrowawayPostgres postgres = ThrowawayPostgres.start();
    final Home home;
    final Tools tools;
    final SmallDisk data;
    final SmallDisk local;
    final SmallDisk offsite;
    private final Path folder;
    private final Path passwordFile;
    private final String password;

    static RunningShop open(Path folder) throws IOException {
        RunningShop shop = new RunningShop(folder);
        try {
            shop.fillDatabase();
            shop.fillFolder();
            Files.writeString(folder.resolve("recovery-plan.yaml"), shop.plan());
            shop.startServer();
            return shop;
        } catch (IOException | RuntimeException | AssertionError e) {
            shop.close();
            throw e;
        }
    }

    private RunningShop(Path folder) throws IOException {
        this.folder = folder;
        home = new Home(folder.resolve("home"));
        data = SmallDisk.mount(folder.resolve("data"), "96m");
        local = SmallDisk.mount(folder.resolve("local"), "48m");
        offsite = SmallDisk.mount(folder.resolve("offsite"), "48m");
        tools = Tools.linkedBelow(folder.resolve("tools"));
        Path known = postgres.database("orders", DBNAME).passwordFile().orElseThrow();
        password = Files.readString(known);
        passwordFile = Files.createDirectories(folder.resolve("secrets")).resolve("orders");
        Files.writeString(passwordFile, password);
        Keys.generate(folder.resolve("secrets/backup.key"));
    }

    private void fillDatabase() throws IOException {
        Path tablespace = Files.createDirectory(data.mounted().resolve("tablespace"));
        LocalPostgres.own(tablespace);
        postgres.sql("postgres",
                "create tablespace small location '" + tablespace + "'",
                "create database " + DBNAME + " template template0 tablespace small");
        postgres.sql(DBNAME,
                "create table customers (id bigint primary key, name text not null)",
                "create table orders (id bigint primary key, customer bigint references customers, note text not null)",
                "insert into customers select i, 'customer ' || i from generate_series(1, 2000) i",
                "insert into orders select i, 1 + i % 2000, md5(i::text) || md5((2 * i)::text) || md5((3 * i)::text)"
                        + " from generate_series(1, 30000) i");
    }

    private void fillFolder() throws IOException {
        Path invoices = Files.createDirectories(uploads().resolve("invoices"));
        for (int i = 0; i < 40; i++) {
            Files.writeString(invoices.resolve(i + ".txt"), ("invoice " + i + "\n").repeat(8000));
        }
    }

    private String plan() {
        return """
                services:
                  shop:
                    databases:
                      orders: {url: "postgresql://%s@127.0.0.1:%d/%s", passwordFile: secrets/orders}
                    files:
                      uploads: {path: %s}
                    checks:
                      - {name: orders exist, sql: "select count(*) > 20000 from orders", database: orders}
                    backups:
                      - {kind: logical, keep: {days: 7, atLeast: 30}}
                      - {kind: files, keep: {days: 7, atLeast: 30}}
                    approvals: {approvers: 1, fourEyes: true, escalateAfter: 10m}
                stores:
                  local: {path: %s}
                  offsite: {path: %s}
                encryption: {keyFile: secrets/backup.key}
                """.formatted(LocalPostgres.SUPERUSER, postgres.server().port(), DBNAME, uploads(), local.mounted().resolve("backups"),
                offsite.mounted().resolve("backups"));
    }

    private void startServer() throws IOException {
        Files.createDirectories(home.folder());
        ProcessBuilder server = new ProcessBuilder(ServerProcess.serveCommand(
                        home, folder.resolve("recovery-plan.yaml"), Listening.here(Ports.free())))
                .redirectErrorStream(true)
                .redirectOutput(Homes.serverLog(home).toFile());
        server.environment().putAll(tools.environment());
        new ServerProcess(home).awaitReady(server.start(), new Terminal(
                new BufferedReader(Reader.nullReader()), new PrintStream(OutputStream.nullOutputStream()), false, false, 100));
    }

    People people() {
        return new People(Connections.open(home, Optional.empty(), Optional.empty(), People.REQUESTER), Homes.serverLog(home));
    }

    Path uploads() {
        return data.mounted().resolve("uploads");
    }

    /** Ends all trouble that a test made and, having failed, did not end itself. */
    void mend() {
        if (!postgres.server().running()) {
            postgres.server().start();
        }
        rightPassword();
        List.of(data, local, offsite).forEach(SmallDisk::free);
        List.of("pg_dump", "pg_restore", "rsync").forEach(tools::putBack);
    }

    /** What is there to lose. */
    record Contents(DatabaseContents database, FileTreeContents files) {}

    Contents contents() {
        return new Contents(databaseContents(DBNAME), Measure.files(uploads(), null, Progress.NONE));
    }

    /** By the server's own superuser, not by way of the plan. */
    DatabaseContents databaseContents(String dbname) {
        Database database = postgres.database("orders", dbname);
        return Measure.database(database, null, 1, Progress.NONE);
    }

    /** Nobody may connect to a fenced database, so it is opened for this look and closed again. */
    DatabaseContents databaseContentsBehindFence() {
        postgres.sql("postgres", "alter database " + DBNAME + " with allow_connections true");
        DatabaseContents contents = databaseContents(DBNAME);
        postgres.sql("postgres", "alter database " + DBNAME + " with allow_connections false");
        return contents;
    }

    /** Of the one database set aside. */
    DatabaseContents setAsideContents() {
        List<String> setAside = besides().stream().filter(name -> name.startsWith(DBNAME + "_set_aside_")).toList();
        if (setAside.size() != 1) {
            throw new AssertionError("set aside: " + setAside);
        }
        postgres.sql("postgres", "alter database " + setAside.getFirst() + " with allow_connections true connection limit -1");
        return databaseContents(setAside.getFirst());
    }

    void wrongPassword() {
        write("not the password\n");
    }

    void rightPassword() {
        write(password);
    }

    private void write(String content) {
        try {
            Files.writeString(passwordFile, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void deleteOrders() {
        postgres.sql(DBNAME, "delete from orders where id % 2 = 0");
    }

    /** Databases and folders that a recovery made and that are not the service's own. */
    List<String> besides() {
        Stream<String> databases = postgres.column("postgres",
                "select datname from pg_database where datname like '" + DBNAME + "\\_%'").stream();
        return Stream.concat(databases, folders().stream().filter(name -> name.startsWith("uploads_"))).sorted().toList();
    }

    private List<String> folders() {
        try (Stream<Path> all = Files.list(data.mounted())) {
            return all.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean fenced() {
        return postgres.value("postgres", "select datallowconn and datconnlimit <> 0 from pg_database where datname = '" + DBNAME + "'")
                .equals("f");
    }

    /** Databases and folders, as people do when they are sure. */
    void dropSetAside() {
        for (String name : besides()) {
            if (name.startsWith(DBNAME + "_set_aside_")) {
                postgres.drop(name);
            } else if (name.startsWith("uploads_set_aside_")) {
                Command.of("rm", "-r", data.mounted().resolve(name).toString()).run();
            }
        }
    }

    /** The backup's sealed dump in that store. */
    Path dump(SmallDisk store, String backup) {
        try (Stream<Path> parts = Files.list(store.mounted().resolve("backups/shop").resolve(backup))) {
            return parts.filter(path -> path.getFileName().toString().startsWith("dump.")).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Backups' folders in the stores, below which something lies but no manifest makes it a backup. */
    List<Path> withoutManifest() {
        return Stream.of(local, offsite)
                .map(store -> store.mounted().resolve("backups/shop"))
                .filter(Files::isDirectory)
                .flatMap(RunningShop::listed)
                .filter(backup -> !Files.exists(backup.resolve("manifest.json")) && listed(backup).findAny().isPresent())
                .toList();
    }

    private static Stream<Path> listed(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        new ServerProcess(home).stop();
        postgres.remove();
        List.of(data, local, offsite).forEach(SmallDisk::close);
    }
}
