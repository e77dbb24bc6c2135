package io.firedrill.diagnosis;

import io.firedrill.failure.FailureException;
import io.firedrill.failure.SmallDisk;
import io.firedrill.plan.Check;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ServerPlan;
import io.firedrill.plan.Service;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.Scene;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A backed-up service whose server and files are broken in every way, and get their good data back in between. */
public final class BrokenShop implements AutoCloseable {
    private static final String DB = "broken";
    private static final int PAGE = 8192;

    public final ThrowawayPostgres postgres;
    private final Scene scene;
    private final Probes probes;
    private final Path folder;
    private final Path good;
    private final Path goodFiles;

    private BrokenShop(ThrowawayPostgres postgres, Path folder) throws Exception {
        this.postgres = postgres;
        this.folder = folder;
        this.scene = new Scene(postgres, folder, DB,
                new Check.Sql("notes are notes", "select count(*) = 0 from orders where note not like 'xxx%'", "orders"));
        this.good = postgres.server().folder().resolve("good");
        this.goodFiles = folder.resolve("good-files");
        Database there = scene.db.living(new ServerPlan(postgres.server().data(), Optional.of(postgres.server().log()), List.of(), List.of(), Optional.empty()));
        Service service = scene.plan.service(Scene.SERVICE);
        Service local = new Service(service.name(), service.objectives(), Map.of("orders", there), service.fileSets(), service.checks(),
                service.backups(), service.approvals());
        RecoveryPlan plan = new RecoveryPlan(scene.plan.file(), scene.plan.digest(), Map.of(service.name(), local), scene.plan.stores(),
                scene.plan.encryption(), List.of(), scene.plan.engine(), scene.plan.state());
        this.probes = new Probes(plan, scene.stores, scene.keys, scene.catalog, Clock.systemUTC());
    }

    public static BrokenShop prepare(Path folder) throws Exception {
        BrokenShop shop = new BrokenShop(ThrowawayPostgres.start(), folder);
        shop.sql("create extension amcheck", "create role app login password 'app'",
                "create table orders (id int primary key, note text)",
                "insert into orders select g, repeat('x', 100) from generate_series(1, 10000) g",
                "create table users (name text)", "insert into users select 'user ' || g from generate_series(1, 50) g",
                "vacuum (freeze, analyze)", "checkpoint");
        for (int i = 0; i < 20; i++) {
            Files.writeString(shop.scene.uploads.resolve("letter%d.txt".formatted(i)), "Dear reader, ".repeat(500));
        }
        shop.scene.dump();
        shop.scene.sync();
        shop.postgres.server().stop();
        copy(shop.postgres.server().data(), shop.good);
        copy(shop.scene.uploads, shop.goodFiles);
        return shop;
    }

    /** Runs again, as it was backed up. */
    public void heal() throws Exception {
        LocalPostgres server = postgres.server();
        if (server.exists()) {
            server.stop();
        }
        Files.deleteIfExists(server.log());
        copy(good, server.data());
        copy(goodFiles, scene.uploads);
        server.start();
    }

    public Evidence diagnose() {
        return probes.collect(Scene.SERVICE, Progress.NONE);
    }

    public void sql(String... statements) {
        postgres.sql(DB, statements);
    }

    public void killServer() throws Exception {
        long postmaster = Long.parseLong(Files.readAllLines(postgres.server().data().resolve("postmaster.pid")).getFirst().strip());
        List<ProcessHandle> all = Stream.concat(ProcessHandle.of(postmaster).stream(), ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::descendants))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : all) {
            process.onExit().get();
        }
    }

    public void killBackend() throws Exception {
        try (Connection victim = PgConnections.open(scene.db); Statement statement = victim.createStatement()) {
            var row = statement.executeQuery("select pg_backend_pid()");
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        } catch (SQLException e) {
            // Its session ended with it.
        }
        Awaitility.await().until(() -> Files.readString(postgres.server().log()).contains("terminated by signal 9"));
    }

    public void fillWal(List<AutoCloseable> spoils) throws Exception {
        postgres.server().stop();
        SmallDisk disk = disk(spoils, "96m");
        Path wal = postgres.server().data().resolve("pg_wal");
        run("cp", "-a", wal + "/.", disk.mounted().toString());
        run("rm", "-rf", wal.toString());
        Files.createSymbolicLink(wal, disk.mounted());
        postgres.server().start();
        disk.fillUpTo(0);
        try {
            sql("insert into orders select g, repeat('x', 500) from generate_series(10001, 200000) g");
        } catch (AssertionError e) {
            // It stopped in the middle.
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !postgres.server().running());
    }

    public void fillTablespace(List<AutoCloseable> spoils) throws Exception {
        SmallDisk disk = disk(spoils, "48m");
        sql("create tablespace small location '" + disk.mounted() + "'");
        sql("create table more (note text) tablespace small");
        disk.fillUpTo(0);
        refused("insert into more select repeat('x', 1000) from generate_series(1, 100000) g");
    }

    public void fillTemporary(List<AutoCloseable> spoils) throws Exception {
        SmallDisk disk = disk(spoils, "4m");
        sql("create tablespace small location '" + disk.mounted() + "'");
        refused("set temp_tablespaces = small; set work_mem = '64kB';"
                + " select count(*) from (select * from generate_series(1, 2000000) g order by random()) as sorted");
    }

    private void refused(String statement) {
        try {
            sql(statement);
        } catch (AssertionError e) {
            return;
        }
        throw new AssertionError("The disk is not full.");
    }

    private SmallDisk disk(List<AutoCloseable> spoils, String size) throws IOException {
        SmallDisk disk = SmallDisk.mount(postgres.server().folder().resolve("small"), size);
        spoils.add(() -> {
            postgres.server().stop();
            disk.close();
        });
        LocalPostgres.own(disk.mounted());
        Files.setPosixFilePermissions(disk.mounted(), PosixFilePermissions.fromString("rwx------"));
        return disk;
    }

    /** One bit of a page of a table or index. */
    public void flip(String relation, int page) throws Exception {
        spoil(relation, file -> {
            file.seek((long) page * PAGE + 4000);
            int there = file.read();
            file.seek((long) page * PAGE + 4000);
            file.write(there ^ 1);
        });
    }

    public void zero(String relation, int page, int pages) throws Exception {
        spoil(relation, file -> {
            file.seek((long) page * PAGE);
            file.write(new byte[pages * PAGE]);
        });
    }

    public void truncate(String relation) throws Exception {
        spoil(relation, file -> file.setLength(PAGE));
    }

    public void remove(String relation) throws Exception {
        Path file = file(relation);
        postgres.server().stop();
        Files.delete(file);
        postgres.server().start();
    }

    @FunctionalInterface
    private interface Change {
        void of(RandomAccessFile file) throws IOException;
    }

    private void spoil(String relation, Change change) throws Exception {
        Path path = file(relation);
        postgres.server().stop();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            change.of(file);
        }
        postgres.server().start();
    }

    private Path file(String relation) {
        return postgres.server().data().resolve(postgres.value(DB, "select pg_relation_filepath('" + relation + "')"));
    }

    /** Killed, so that it must recover, and cannot. */
    public void removeFromServer(String name) throws Exception {
        killServer();
        Files.delete(postgres.server().data().resolve(name));
        startInVain();
    }

    public void removeWal() throws Exception {
        killServer();
        try (Stream<Path> files = Files.list(postgres.server().data().resolve("pg_wal"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        startInVain();
    }

    public void misconfigure() throws Exception {
        postgres.server().stop();
        Path conf = postgres.server().data().resolve("postgresql.conf");
        Files.writeString(conf, Files.readString(conf) + "shared_bufers = 1GB\n");
        startInVain();
    }

    public void takePort(List<AutoCloseable> spoils) throws Exception {
        postgres.server().stop();
        spoils.add(new ServerSocket(postgres.server().port(), 50, InetAddress.getLoopbackAddress()));
        startInVain();
    }

    public void openToAll() throws Exception {
        postgres.server().stop();
        Files.setPosixFilePermissions(postgres.server().data(), PosixFilePermissions.fromString("rwxrwxrwx"));
        startInVain();
    }

    private void startInVain() {
        try {
            postgres.server().start();
        } catch (FailureException e) {
            return;
        }
        throw new AssertionError("It started all the same.");
    }

    public void takeAllSessions(List<AutoCloseable> spoils) {
        try {
            while (true) {
                spoils.add(PgConnections.open(scene.db));
            }
        } catch (FailureException e) {
            // Those were all.
        }
    }

    public void takeApplicationsSessions(List<AutoCloseable> spoils) throws Exception {
        Path password = Files.writeString(folder.resolve("app"), "app");
        Database app = new Database("app", scene.db.host(), scene.db.port(), "app", DB, Map.of(), Optional.of(password));
        try {
            while (true) {
                spoils.add(PgConnections.open(app));
            }
        } catch (FailureException e) {
            // Those were all.
        }
    }

    public void changePassword() {
        sql("alter role " + scene.db.user() + " password 'another'");
    }

    public void forbid() throws Exception {
        postgres.server().allow(List.of("host " + DB + " all 127.0.0.1/32 reject"));
        postgres.sql("postgres", "select pg_reload_conf()");
        Awaitility.await().until(() -> {
            try {
                PgConnections.open(scene.db).close();
                return false;
            } catch (FailureException e) {
                return true;
            }
        });
    }

    public void renameDatabase() {
        postgres.sql("postgres", "alter database " + DB + " rename to elsewhere");
    }

    public void stopStandby(List<AutoCloseable> spoils) throws Exception {
        LocalPostgres standby = new LocalPostgres(postgres.server().folder().resolve("standby"), Ports.free());
        Files.createDirectories(standby.folder());
        LocalPostgres.own(standby.folder());
        spoils.add(() -> {
            standby.stop();
            run("rm", "-rf", standby.folder().toString());
        });
        postgres.server().allow(List.of("host replication all 127.0.0.1/32 trust"));
        sql("select pg_reload_conf()");
        Command.Result<String> made = standby.unprivileged(Command.of(Programs.find("pg_basebackup"), "-D", standby.data().toString(), "-R", "-C",
                        "-S", "second", "-X", "stream", "-c", "fast", "--no-sync", "-d", postgres.conninfo("")))
                .run();
        if (!made.succeeded()) {
            throw new AssertionError(made.stderr());
        }
        standby.configure(Map.of("hot_standby", "on", "max_prepared_transactions", "5", "max_connections", "60"));
        standby.start();
        Awaitility.await().until(() -> postgres.value(DB, "select count(*) from pg_stat_replication where state = 'streaming'").equals("1"));
        standby.stop();
        Awaitility.await().until(() -> postgres.value(DB, "select active from pg_replication_slots where slot_name = 'second'").equals("f"));
    }

    public void loseStandby() {
        sql("alter system set max_slot_wal_keep_size = '16MB'", "select pg_reload_conf()",
                "select pg_create_physical_replication_slot('third', true)");
        for (int i = 0; i < 4; i++) {
            sql("insert into users values ('x')", "select pg_switch_wal()");
        }
        sql("checkpoint", "checkpoint");
        Awaitility.await().until(() -> postgres.value(DB, "select wal_status from pg_replication_slots").equals("lost"));
    }

    public void breakArchiving() throws Exception {
        sql("alter system set archive_mode = 'on'", "alter system set archive_command = 'false'");
        postgres.server().stop();
        postgres.server().start();
        sql("insert into users values ('x')", "select pg_switch_wal()");
        Awaitility.await().until(() -> !postgres.value(DB, "select failed_count from pg_stat_archiver").equals("0"));
    }

    /** A transaction that somebody forgot holds a lock that others have wanted for a while. */
    public void block(List<AutoCloseable> spoils) throws Exception {
        Connection forgotten = PgConnections.open(scene.db);
        spoils.add(forgotten);
        forgotten.setAutoCommit(false);
        forgotten.createStatement().execute("lock table users in access exclusive mode");
        Connection waiting = PgConnections.open(scene.db);
        Thread wait = new Thread(() -> {
            try (Statement statement = waiting.createStatement()) {
                statement.execute("insert into users values ('late')");
            } catch (SQLException e) {
                // Ended with the test.
            }
        });
        wait.start();
        spoils.addFirst(() -> {
            wait.join();
            waiting.close();
        });
        Awaitility.await().until(() -> postgres.value(DB, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                + " and query_start < clock_timestamp() - interval '6 s'").equals("1"));
    }

    public void deleteFiles() throws Exception {
        for (int i = 0; i < 15; i++) {
            Files.delete(scene.uploads.resolve("letter%d.txt".formatted(i)));
        }
    }

    public void encryptFiles() throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            byte[] noise = new byte[6500];
            random.nextBytes(noise);
            Files.write(scene.uploads.resolve("letter%d.txt".formatted(i)), noise);
        }
    }

    private static void copy(Path from, Path to) {
        run("rsync", "-a", "--delete", "--force", from + "/", to + "/");
    }

    private static void run(String program, String... arguments) {
        Command.Result<String> result = Command.of(program, arguments).run();
        if (!result.succeeded()) {
            throw new AssertionError(program + ": " + result.stderr());
        }
    }

    @Override
    public void close() throws Exception {
        heal();
        scene.close();
        postgres.remove();
    }
}
