package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.Database;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.Measure;
import io.firedrill.proof.PgConnections;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.S3ProxyServer;
import io.firedrill.store.StockTools;
import io.firedrill.store.Store;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.PgDump;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real PostgreSQL, real pg_dump, real stores. */
class DatabaseBackupIT {
    private static final String PASSWORD = "pg password";
    private static final PgDump.Wanted NOTHING = new PgDump.Wanted("x", "UTF8", 0);
    private static final BackupId ID = new BackupId("shop-orders-logical-20261123T084512Z");

    @TempDir
    static Path servers;

    @TempDir
    Path folder;

    private static LocalPostgres postgres;
    private static S3ProxyServer s3;
    private static Path passwordFile;
    private BackupFixture shop;

    @BeforeAll
    static void start() throws IOException, SQLException {
        s3 = S3ProxyServer.start(Files.createDirectories(servers.resolve("s3")));
        passwordFile = Files.writeString(servers.resolve("password"), PASSWORD + "\n");
        postgres = new LocalPostgres(servers.resolve("pg"), Ports.free());
        postgres.create(PASSWORD, Map.of("fsync", "off", "shared_buffers", "32MB"));
        postgres.start();
        sql(database("postgres"), "create database orders");
        sql(database("orders"),
                "create table users (id bigint generated always as identity primary key, name text not null)",
                "insert into users (name) select 'user ' || i from generate_series(1, 20000) i",
                "create table \"odd \"\"name\" (\"Ünï\" int)", "insert into \"odd \"\"name\" values (1), (null)",
                "create table ballast (filler text)",
                "insert into ballast select string_agg(md5(random()::text), '') from generate_series(1, 400000) i group by i % 2000",
                "create sequence tickets start 7", "select nextval('tickets')",
                "select lo_from_bytea(0, 'large')",
                "alter database orders set work_mem = '8MB'", "create role app", "alter role app in database orders set search_path = 'a, b'",
                "grant create on database orders to app with grant option");
    }

    @AfterAll
    static void stop() {
        s3.close();
        postgres.stop();
    }

    @BeforeEach
    void open() {
        shop = fixture(database("orders"), BackupFixture.local(folder), s3.plan("offsite", "p" + folder.getFileName()));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private BackupFixture fixture(Database database, StorePlan... stores) {
        return new BackupFixture(folder, List.of(database), List.of(), List.of(), Clock.systemUTC(), stores);
    }

    private static Database database(String dbname) {
        return new Database("orders", "127.0.0.1", postgres.port(), LocalPostgres.SUPERUSER, dbname, Map.of(), Optional.of(passwordFile));
    }

    private BackupSummary dump() {
        return shop.backups.dumpDatabase(SERVICE, "orders", ID, Progress.NONE);
    }

    @Test
    void theManifestTellsWhatTheDatabaseHeldAndWhatItWas() {
        Instant before = Instant.now();
        BackupSummary summary = dump();
        Manifest manifest = Manifests.read(shop.stores.primary(), ID);

        assertThat(summary.tables()).isEqualTo(3);
        assertThat(summary.rows()).isEqualTo(22_002);
        assertThat(manifest.snapshotAt()).isBetween(before.minusSeconds(1), manifest.finishedAt());
        assertThat(manifest.parts()).extracting(Manifest.Part::role).containsExactlyInAnyOrder("dump", "globals", "inventory");
        assertThat(manifest.recipients()).isEqualTo(shop.keys.recipients());
        assertThat(manifest.contents().tables()).isEqualTo(Measure.database(database("orders"), null, 1, Progress.NONE).tables());
        assertThat(manifest.contents().sequences()).anySatisfy(range -> {
            assertThat(range.sequence()).isEqualTo("tickets");
            // A server that crashed (another test's doing) goes on up to 32 later: that is PostgreSQL's own way.
            assertThat(range.from()).isBetween(7L, 39L);
            assertThat(range.to()).isEqualTo(range.from());
        });
        Manifest.DatabaseFacts facts = manifest.database();
        assertThat(facts.systemIdentifier()).matches("\\d{15,20}");
        assertThat(facts.lsn()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(facts.timeline()).isEqualTo(1);
        assertThat(facts.snapshotXmax()).isGreaterThan(700);
        assertThat(facts.settings().configuration()).containsExactly(
                new Manifest.Setting(null, "work_mem", "8MB"), new Manifest.Setting("app", "search_path", "\"a, b\""));
        assertThat(facts.settings().acl())
                .contains(new Manifest.Grant(LocalPostgres.SUPERUSER, "app", "CREATE", true))
                .contains(new Manifest.Grant(LocalPostgres.SUPERUSER, null, "CONNECT", false));
    }

    @Test
    void rowsWrittenWhileItRunsAreNotInItAndTheManifestAgreesWithTheDump() throws Exception {
        sql(database("postgres"), "drop database if exists busy_source", "create database busy_source template orders");
        shop.close();
        shop = fixture(database("busy_source"), BackupFixture.local(folder));
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                sql(database("busy_source"), "insert into users (name) values ('late')", "select nextval('tickets')");
            }
        });
        try {
            dump();
        } finally {
            stop.set(true);
            writing.get();
        }
        Manifest manifest = Manifests.read(shop.stores.primary(), ID);
        try (Connection connection = restoredByHand(manifest, "busy")) {
            assertThat(Measure.database(database("busy"), null, 1, Progress.NONE).tables()).isEqualTo(manifest.contents().tables());
            var tickets = manifest.contents().sequences().stream().filter(s -> s.sequence().equals("tickets")).findFirst().orElseThrow();
            var restored = Measure.sequences(database("busy")).stream().filter(s -> s.sequence().equals("tickets")).findFirst().orElseThrow();
            assertThat(restored.from()).isBetween(tickets.from(), tickets.to());
        }
    }

    @Test
    void theRecipeInTheManifestBringsItBackWithStockToolsAlone() throws Exception {
        dump();
        Manifest manifest = Manifests.read(shop.stores.primary(), ID);
        try (Connection connection = restoredByHand(manifest, "by_hand")) {
            assertThat(Measure.database(database("by_hand"), null, 1, Progress.NONE).tables()).isEqualTo(manifest.contents().tables());
        }
    }

    /** Runs the manifest's own shell lines, as a person would who has nothing else. */
    private Connection restoredByHand(Manifest manifest, String as) {
        StockTools.requireAge();
        Path objects = folder.resolve("backups").resolve(manifest.parts().get(0).key()).getParent();
        String pg = "-h 127.0.0.1 -p %d -U %s".formatted(postgres.port(), LocalPostgres.SUPERUSER);
        String script = String.join("\n", manifest.howToDecode()).replace("KEY", shop.keyFile.toString());
        sql(database("postgres"), "drop database if exists " + as, "create database " + as);
        var result = Command.of("bash", "-euo", "pipefail", "-c",
                        script + "\ngrep -q 'CREATE ROLE app' globals.sql\n"
                                + "'%s' %s --exit-on-error -d %s dump.pgc".formatted(Programs.find("pg_restore"), pg, as))
                .withDirectory(objects)
                .withEnvironment(Map.of("PGPASSWORD", PASSWORD))
                .run();
        assertThat(result.exit()).as(result.stderr()).isZero();
        return PgConnections.open(database(as));
    }

    @Test
    void theSameStepAgainFindsItsFinishedWork() {
        BackupSummary first = dump();
        List<Store.StoredObject> objects = shop.stores.primary().list("");
        assertThat(dump()).isEqualTo(first);
        assertThat(shop.stores.primary().list("")).isEqualTo(objects);
    }

    @Test
    void anAttemptThatDiedHalfWayIsDoneAgainBesideItsLeftovers() {
        Attempt died = new Attempt(shop.stores.primary(), shop.keys, SERVICE, ID, Instant.now());
        died.write("dump", ".pgc", out -> out.write(1));
        assertThat(shop.catalog.list(null)).isEmpty();
        dump();
        shop.backups.check(ID, "local", Progress.NONE);
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.VERIFIED);
    }

    @Test
    void checkedAndCopiedItIsVerifiedInBothStoresByWhatTheStoresThemselvesSay() {
        dump();
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.UNCHECKED);
        shop.backups.check(ID, "local", Progress.NONE);
        shop.backups.copyOffsite(ID, "offsite", Progress.NONE);
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.VERIFIED);
        assertThat(shop.stateIn("offsite", ID)).isEqualTo(State.VERIFIED);
        Manifest local = Manifests.read(shop.stores.primary(), ID);
        assertThat(Manifests.read(shop.stores.byName("offsite"), ID)).isEqualTo(local);
    }

    @Test
    void anInterruptedCopyGoesOnWithWhatIsMissing() {
        dump();
        Manifest manifest = Manifests.read(shop.stores.primary(), ID);
        Store offsite = shop.stores.byName("offsite");
        Manifest.Part dumpPart = manifest.parts().stream().filter(p -> p.role().equals("dump")).findFirst().orElseThrow();
        io.firedrill.store.SealedCopy.copy(shop.stores.primary(), offsite, dumpPart, n -> {});
        AtomicBoolean dumpCopiedAgain = new AtomicBoolean();
        new OffsiteCopy(shop.stores.primary(), offsite, shop.keys, Clock.systemUTC()).run(manifest, (what, done, total, unit) -> {
            if (what.equals("dump")) {
                dumpCopiedAgain.set(true);
            }
        });
        assertThat(dumpCopiedAgain).isFalse();
        assertThat(Manifests.find(offsite, ID)).isPresent();
    }

    @Test
    void aFlippedBitQuarantinesThatCopyOnly() throws IOException {
        dump();
        shop.backups.check(ID, "local", Progress.NONE);
        shop.backups.copyOffsite(ID, "offsite", Progress.NONE);
        Path object = dumpObject();
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        assertFails("corrupt-object", () -> shop.backups.check(ID, "local", Progress.NONE));
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.QUARANTINED);
        assertThat(shop.stateIn("offsite", ID)).isEqualTo(State.VERIFIED);
        assertThat(shop.catalog.find(ID).orElseThrow().state()).isEqualTo(State.VERIFIED);
    }

    @Test
    void aCutOffOrMissingObjectQuarantines() throws IOException {
        dump();
        Path object = dumpObject();
        byte[] bytes = Files.readAllBytes(object);
        Files.write(object, java.util.Arrays.copyOf(bytes, bytes.length - 100_000));
        assertFails("truncated-object", () -> shop.backups.check(ID, "local", Progress.NONE));
        assertFails("truncated-object", () -> shop.backups.copyOffsite(ID, "offsite", Progress.NONE));
        assertThat(Manifests.find(shop.stores.byName("offsite"), ID)).isEmpty();
        Files.delete(object);
        assertFails("object-missing", () -> shop.backups.check(ID, "local", Progress.NONE));
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.QUARANTINED);
    }

    private Path dumpObject() {
        return folder.resolve("backups").resolve(Manifests.read(shop.stores.primary(), ID).parts().stream()
                .filter(part -> part.role().equals("dump")).findFirst().orElseThrow().key());
    }

    @Test
    void aMissingKeyDoesNotCondemnAGoodBackup() {
        dump();
        Keys other = Keys.generate(folder.resolve("other.key"));
        StoredBackups stranger = new StoredBackups(shop.plan, shop.stores, other, shop.catalog, Clock.systemUTC());
        assertFails("wrong-key", () -> stranger.check(ID, "local", Progress.NONE));
        assertThat(shop.stateIn("local", ID)).isEqualTo(State.UNCHECKED);
    }

    @Test
    void aDumpThatLacksATableIsFoundOut() {
        dump();
        Manifest whole = Manifests.read(shop.stores.primary(), ID);
        sql(database("postgres"), "create database fewer");
        sql(database("fewer"), "create table users (id int)");
        try (BackupFixture fewer = fixture(database("fewer"), new StorePlan.Directory("local", folder.resolve("fewer")))) {
            fewer.backups.dumpDatabase(SERVICE, "orders", ID, Progress.NONE);
            Manifest part = Manifests.read(fewer.stores.primary(), ID);
            Manifest claimsMore = new Manifest(1, ID, SERVICE, part.kind(), part.source(), part.startedAt(), part.snapshotAt(),
                    part.finishedAt(), part.database(), whole.contents(), null, part.parts(), part.recipients(), part.tools(), part.howToDecode());
            assertFails("partial-dump", () -> new BackupCheck(fewer.stores.primary(), fewer.keys).run(claimsMore, Progress.NONE));
        } finally {
            sql(database("postgres"), "drop database fewer");
        }
    }

    @Test
    void whatKeepsOneOutIsNamedAndNothingIsWritten() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        Database right = database("orders");
        Database wrongPassword = new Database("orders", right.host(), right.port(), right.user(), right.dbname(), Map.of(), Optional.of(wrong));
        assertFailsToDump("wrong-password", wrongPassword);
        assertFailsToDump("database-missing", database("nowhere"));
        Database away = new Database("orders", right.host(), Ports.free(), right.user(), right.dbname(), Map.of(), Optional.of(passwordFile));
        assertFailsToDump("server-unreachable", away);
    }

    @Test
    void pgDumpsOwnRefusalsAreNamedLikeTheDriversOwn() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "wrong");
        Database right = database("orders");
        Database wrongPassword = new Database("orders", right.host(), right.port(), right.user(), right.dbname(), Map.of(), Optional.of(wrong));
        Database away = new Database("orders", right.host(), Ports.free(), right.user(), right.dbname(), Map.of(), Optional.of(passwordFile));
        var nowhere = java.io.OutputStream.nullOutputStream();
        assertFails("wrong-password", () -> PgDump.dump(wrongPassword, NOTHING, nowhere, Progress.NONE));
        assertFails("database-missing", () -> PgDump.dump(database("nowhere"), NOTHING, nowhere, Progress.NONE));
        assertFails("server-unreachable", () -> PgDump.dump(away, NOTHING, nowhere, Progress.NONE));
    }

    private void assertFailsToDump(String code, Database database) {
        try (BackupFixture other = fixture(database, BackupFixture.local(folder))) {
            assertFails(code, () -> other.backups.dumpDatabase(SERVICE, "orders", ID, Progress.NONE));
            assertThat(other.stores.primary().list("")).isEmpty();
        }
    }

    @Test
    void toolsOlderThanTheServerAreNamedWithThePackageToInstall() {
        var failure = assertFails("tools-too-old", () -> PgDump.requireFor(database("orders"), "99.1", 990_001));
        assertThat(failure.failure().what()).contains("99.1", PgDump.version());
        assertThat(failure.failure().next()).contains("postgresql-client-99");
    }

    @Test
    void aServerKilledMidDumpLeavesNoBackupAndIsWorthARetry() {
        AtomicBoolean killed = new AtomicBoolean();
        Progress killing = (what, done, total, unit) -> {
            if (done > 1_000_000 && killed.compareAndSet(false, true)) {
                kill();
            }
        };
        try {
            var failure = org.assertj.core.api.Assertions.catchThrowableOfType(io.firedrill.failure.FailureException.class,
                    () -> shop.backups.dumpDatabase(SERVICE, "orders", ID, killing));
            assertThat(killed).isTrue();
            assertThat(failure).isNotNull();
            assertThat(failure.passing()).isTrue();
            assertThat(failure.failure().code()).isIn("server-lost", "server-unreachable", "server-starting", "session-ended");
        } finally {
            postgres.start();
        }
        assertThat(shop.stores.primary().list("")).isEmpty();
        assertThat(dump().rows()).isEqualTo(22_002);
    }

    private static void kill() {
        Command immediate = Command.of(Programs.find("pg_ctl"), "stop", "-w", "-D", postgres.data().toString(), "-m", "immediate", "-s");
        assertThat(postgres.unprivileged(immediate).run().succeeded()).isTrue();
    }

    /** The last two would look like empty tables. */
    @ParameterizedTest
    @ValueSource(strings = {
        "drop table doomed", "alter table doomed drop column note", "alter table doomed alter id type bigint", "truncate doomed"
    })
    void aTableChangedBetweenSnapshotAndDumpIsNamedAndNothingIsLeft(String change) throws Exception {
        sql(database("orders"), "create table doomed (id int, note text)", "insert into doomed select g, 'x' from generate_series(1, 100) g");
        try (Connection other = PgConnections.open(database("orders"));
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(change);
            var dumping = CompletableFuture.supplyAsync(
                    () -> org.assertj.core.api.Assertions.catchThrowableOfType(io.firedrill.failure.FailureException.class, this::dump));
            awaitLockWait();
            other.commit();
            var failure = dumping.get();
            assertThat(failure).isNotNull();
            assertThat(failure.failure().code()).as(failure.getMessage()).isEqualTo("schema-changed");
            assertThat(failure.passing()).isTrue();
        }
        assertThat(shop.stores.primary().list("")).isEmpty();
        sql(database("orders"), "drop table if exists doomed");
    }

    private static void awaitLockWait() {
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Connection connection = PgConnections.open(database("postgres"));
                    Statement statement = connection.createStatement();
                    var row = statement.executeQuery("select count(*) from pg_locks where not granted")) {
                row.next();
                return row.getInt(1) > 0;
            }
        });
    }

    @Test
    void aFullStoreIsNamedAndNothingIsLeft() throws IOException {
        Assumptions.assumeTrue(LocalPostgres.root(), "only root can mount a small disk");
        Path small = Files.createDirectories(folder.resolve("small"));
        Assumptions.assumeTrue(Command.of("mount", "-t", "tmpfs", "-o", "size=4m", "none", small.toString()).run().succeeded());
        try (BackupFixture full = fixture(database("orders"), new StorePlan.Directory("local", small))) {
            var failure = assertFails("store-full", () -> full.backups.dumpDatabase(SERVICE, "orders", ID, Progress.NONE));
            assertThat(failure.passing()).isFalse();
            assertThat(full.stores.primary().list("")).isEmpty();
        } finally {
            Command.of("umount", small.toString()).run();
        }
    }

    private static void sql(Database database, String... statements) {
        try (Connection connection = PgConnections.open(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
