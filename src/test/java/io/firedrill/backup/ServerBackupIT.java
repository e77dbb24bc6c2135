package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.ServerRestore;
import io.firedrill.plan.Database;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedReader;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Programs;
import io.firedrill.tool.RecoveryTarget;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Tar;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Base backups of a real server: whole, sealed, checked as {@code pg_verifybackup} does, and nothing half left. */
class ServerBackupIT {
    private static ThrowawayPostgres postgres;

    @TempDir
    Path folder;

    private Database db;
    private BackupFixture fixture;

    @BeforeAll
    static void server() {
        postgres = ThrowawayPostgres.start();
    }

    @AfterAll
    static void end() {
        postgres.remove();
    }

    @BeforeEach
    void twoDatabases() {
        db = postgres.create("orders");
        postgres.create("stock");
        postgres.sql("orders", "create table item as select n, repeat('x', 100) as text from generate_series(1, 20000) n");
        postgres.sql("stock", "create table bin as select n from generate_series(1, 500) n");
        fixture = new BackupFixture(folder, List.of(db), List.of(), List.of(), Clock.systemUTC(), BackupFixture.local(folder));
    }

    @AfterEach
    void noDatabases() {
        fixture.close();
        postgres.drop("orders");
        postgres.drop("stock");
    }

    @Test
    void aServerIsBackedUpCheckedAndVerifiedByPostgresItself() throws Exception {
        BackupId id = take();

        fixture.backups.check(id, "local", Progress.NONE);

        assertThat(fixture.stateIn("local", id)).isEqualTo(State.VERIFIED);
        Manifest manifest = manifest(id);
        assertThat(manifest.cluster().databases()).contains("orders", "stock");
        assertThat(manifest.cluster().systemIdentifier())
                .isEqualTo(postgres.value("postgres", "select system_identifier from pg_control_system()"));
        assertThat(manifest.cluster().tablespaces()).isEmpty();
        Path unpacked = unpack(manifest);
        assertThat(verify(unpacked)).isEmpty();
    }

    @Test
    void tablespacesComeAlong() throws Exception {
        Path space = Files.createTempDirectory("firedrill-test-space");
        LocalPostgres.own(space);
        postgres.sql("postgres", "create tablespace fast location '" + space + "'");
        postgres.sql("orders", "create table quick tablespace fast as select n from generate_series(1, 3000) n");
        try {
            BackupId id = take();

            fixture.backups.check(id, "local", Progress.NONE);

            Manifest manifest = manifest(id);
            assertThat(manifest.cluster().tablespaces()).hasSize(1);
            assertThat(manifest.parts()).extracting(Manifest.Part::role)
                    .containsExactlyInAnyOrder("base", "blocks", "backup-manifest",
                            "tablespace-" + manifest.cluster().tablespaces().get(0).oid());
            assertThat(verify(unpack(manifest))).isEmpty();
        } finally {
            postgres.sql("orders", "drop table quick");
            postgres.sql("postgres", "drop tablespace fast");
            Files.delete(space);
        }
    }

    @Test
    void theSecondBackupHoldsOnlyWhatChangedAndComesBackWholeByCodeAndByHand() throws Exception {
        Path space = Files.createTempDirectory("firedrill-test-space");
        LocalPostgres.own(space);
        postgres.sql("postgres", "create tablespace fast location '" + space + "'");
        postgres.sql("orders", "create table quick tablespace fast as select n, repeat('y', 90) as text from generate_series(1, 9000) n",
                "create table goes as select n from generate_series(1, 9000) n",
                "create table shrinks as select n from generate_series(1, 90000) n");
        try {
            BackupId first = take();
            fixture.backups.check(first, "local", Progress.NONE);
            postgres.sql("orders", "update item set text = repeat('z', 100) where n > 19900", "drop table goes",
                    "delete from shrinks where n > 100", "vacuum shrinks", "insert into quick values (0, 'new')",
                    "create table comes as select n from generate_series(1, 777) n");
            BackupId second = take();

            fixture.backups.check(second, "local", Progress.NONE);

            assertThat(fixture.stateIn("local", second)).isEqualTo(State.VERIFIED);
            Manifest incremental = manifest(second);
            assertThat(incremental.needs()).containsExactly(first);
            assertThat(incremental.plainBytes()).isLessThan(manifest(first).plainBytes() / 2 + (32 << 20));
            Path restored = Files.createDirectory(folder.resolve("restored")).resolve("data");
            new ServerRestore(fixture.stores.primary(), fixture.keys)
                    .layOut(incremental, new RecoveryTarget.Immediate(), restored, Progress.NONE);
            assertThat(verify(restored, "tablespace_map", "postgresql.auto.conf", "recovery.signal", "postgresql.conf", "pg_hba.conf",
                    "pg_ident.conf")).isEmpty();
            byHand(first, second);
            assertThat(verify(folder.resolve("hand/NEW"), "tablespace_map")).isEmpty();

            assertThat(fixture.backups.expire("shop", true).fates()).filteredOn(fate -> fate.backup().equals(first))
                    .allSatisfy(fate -> assertThat(fate.why()).contains("needed by " + second));
            flip(first);
            assertFails("corrupt-object", () -> fixture.backups.check(second, "local", Progress.NONE));
            assertThat(fixture.stateIn("local", second)).isEqualTo(State.QUARANTINED);
        } finally {
            postgres.sql("orders", "drop table quick");
            postgres.sql("postgres", "drop tablespace fast");
            Files.delete(space);
        }
    }

    /** The lines of each manifest up to where a server would be started, run beside its objects. */
    private void byHand(BackupId... chain) throws Exception {
        Path hand = Files.createDirectory(folder.resolve("hand"));
        for (BackupId id : chain) {
            String lines = manifest(id).howToDecode().stream()
                    .filter(line -> !line.startsWith("pg_"))
                    .map(line -> line.replace("KEY", fixture.keyFile.toString()).replace("SPACE", hand + "/SPACE").replace("$(pwd)/", "")
                            .replace("NEW", hand + "/NEW"))
                    .collect(java.util.stream.Collectors.joining("\n"));
            var result = Command.of("bash", "-euc", lines)
                    .withDirectory(folder.resolve("backups/shop/" + id)).withDeadline(Duration.ofMinutes(5)).run();
            assertThat(result.succeeded()).as(lines + "\n" + result.stderr()).isTrue();
        }
    }

    @Test
    void aCopyOfAnIncrementalBackupTakesWhatItNeedsAlong() throws Exception {
        try (BackupFixture two = new BackupFixture(folder, List.of(db), List.of(), List.of(), Clock.systemUTC(), BackupFixture.local(folder),
                new io.firedrill.plan.StorePlan.Directory("offsite", folder.resolve("offsite")))) {
            BackupId first = take();
            fixture.backups.check(first, "local", Progress.NONE);
            BackupId second = take();
            assertThat(manifest(second).needs()).containsExactly(first);

            two.backups.copyOffsite(second, "offsite", Progress.NONE);

            assertThat(two.stateIn("offsite", second)).isEqualTo(State.VERIFIED);
            assertThat(two.stateIn("offsite", first)).isEqualTo(State.VERIFIED);
            Manifests.delete(two.stores.byName("offsite"), manifest(first));
            assertFails("full-backup-missing", () -> two.backups.check(second, "offsite", Progress.NONE));
        }
    }

    private void flip(BackupId id) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(object(id, "base").toFile(), "rw")) {
            file.seek(file.length() / 2);
            int there = file.read();
            file.seek(file.length() / 2);
            file.write(there ^ 1);
        }
    }

    @Test
    void aFlippedByteQuarantinesTheBackup() throws Exception {
        BackupId id = take();
        flip(id);

        assertFails("corrupt-object", () -> fixture.backups.check(id, "local", Progress.NONE));
        assertThat(fixture.stateIn("local", id)).isEqualTo(State.QUARANTINED);
    }

    @Test
    void aTruncatedPartQuarantinesTheBackup() throws Exception {
        BackupId id = take();
        try (RandomAccessFile file = new RandomAccessFile(object(id, "base").toFile(), "rw")) {
            file.setLength(file.length() / 3);
        }

        assertFails("truncated-object", () -> fixture.backups.check(id, "local", Progress.NONE));
        assertThat(fixture.stateIn("local", id)).isEqualTo(State.QUARANTINED);
    }

    @Test
    void aServerThatDiesHalfWayLeavesNothing() {
        AtomicBoolean killed = new AtomicBoolean();
        BackupId id = BackupId.of("shop", "orders", "physical", Clock.systemUTC().instant());
        FailureException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                FailureException.class,
                () -> fixture.backups.baseBackup("shop", "orders", id, (what, done, total, unit) -> {
                    if (killed.compareAndSet(false, true)) {
                        kill();
                    }
                }));
        try {
            assertThat(failure).isNotNull();
            assertThat(failure.failure().code()).isIn("server-lost", "server-unreachable", "broken-pipe", "pg-basebackup-failed");
            assertThat(fixture.stores.primary().list("shop/")).isEmpty();
        } finally {
            // Told to die is not dead yet: a start in between would find it running.
            org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !postgres.server().running());
            postgres.server().start();
        }
    }

    @Test
    void aFullStoreIsNamedAndNothingIsLeft() throws Exception {
        fullStore();
    }

    @Test
    void aFullStoreEndsTheTablespacesArchivesToo() throws Exception {
        Path space = Files.createTempDirectory("firedrill-test-space");
        LocalPostgres.own(space);
        postgres.sql("postgres", "create tablespace slow location '" + space + "'");
        try {
            fullStore();
        } finally {
            postgres.sql("postgres", "drop tablespace slow");
            Files.delete(space);
        }
    }

    private void fullStore() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue(LocalPostgres.root(), "only root can mount a small disk");
        Path small = Files.createDirectories(folder.resolve("small"));
        assertThat(Command.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", small.toString()).run().succeeded()).isTrue();
        try (BackupFixture full = new BackupFixture(folder, List.of(db), List.of(), List.of(), Clock.systemUTC(),
                new io.firedrill.plan.StorePlan.Directory("local", small))) {
            assertFails("store-full", () -> full.backups.baseBackup(
                    "shop", "orders", BackupId.of("shop", "orders", "physical", Clock.systemUTC().instant()), Progress.NONE));
            assertThat(full.stores.primary().list("")).isEmpty();
            assertThat(postgres.value("postgres", "select count(*) from pg_replication_slots where slot_name like 'firedrill_base%'"))
                    .isEqualTo("0");
        } finally {
            Command.of("umount", small.toString()).run();
        }
    }

    @Test
    void aStoreThatVanishesHalfWayAndComesBackHoldsNoHalfBackup() throws Exception {
        take();
        Path backups = folder.resolve("backups");
        Path away = folder.resolve("away");
        AtomicBoolean gone = new AtomicBoolean();
        FailureException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                FailureException.class,
                () -> fixture.backups.baseBackup("shop", "orders",
                        BackupId.of("shop", "orders", "physical", Clock.systemUTC().instant().plusSeconds(60)),
                        (what, done, total, unit) -> {
                            if (gone.compareAndSet(false, true)) {
                                vanish(backups, away);
                            }
                        }));

        Files.delete(backups);
        Files.move(away, backups);
        assertThat(failure).isNotNull();
        assertThat(Manifests.list(fixture.stores.primary(), "shop")).hasSize(1);
    }

    private static void vanish(Path backups, Path away) {
        try {
            Files.move(backups, away);
            Files.writeString(backups, "a file where the store was");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aRoleThatMayNotReplicateIsToldWhatToGrant() {
        postgres.sql("postgres", "create role reader login password 'secret'", "grant pg_read_all_stats to reader");
        try {
            Database reader = new Database("orders", "127.0.0.1", postgres.server().port(), "reader", "orders", Map.of(),
                    Optional.of(Files.writeString(folder.resolve("reader"), "secret")));
            try (BackupFixture other = new BackupFixture(folder, List.of(reader), List.of(), List.of(), Clock.systemUTC(),
                    BackupFixture.local(folder))) {
                FailureException failure = assertFails("missing-replication", () -> other.backups.baseBackup(
                        "shop", "orders", BackupId.of("shop", "orders", "physical", Clock.systemUTC().instant()), Progress.NONE));
                assertThat(failure.failure().next())
                        .contains("ALTER ROLE \"reader\" REPLICATION;")
                        .contains("host replication reader ");
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            postgres.sql("postgres", "drop role reader");
        }
    }

    private BackupId take() {
        var planned = fixture.backups.plan("shop", "physical", Clock.systemUTC().instant());
        assertThat(planned.clusters()).hasSize(1);
        BackupId id = planned.clusters().get(0).backup();
        fixture.backups.baseBackup("shop", "orders", id, Progress.NONE);
        return id;
    }

    private void kill() {
        try {
            String pid = Files.readAllLines(postgres.server().data().resolve("postmaster.pid")).get(0);
            Command.of("kill", "-QUIT", pid).run();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Manifest manifest(BackupId id) {
        return Manifests.read(fixture.stores.primary(), id);
    }

    private Path object(BackupId id, String role) {
        String key = manifest(id).parts().stream().filter(p -> p.role().equals(role)).findFirst().orElseThrow().key();
        return folder.resolve("backups").resolve(key);
    }

    private Path unpack(Manifest manifest) throws Exception {
        Path to = Files.createDirectory(folder.resolve("unpacked"));
        for (Manifest.Part part : manifest.parts().stream().filter(one -> !one.role().equals("blocks")).toList()) {
            Path into = part.role().startsWith("tablespace-")
                    ? Files.createDirectories(folder.resolve("space" + part.role().substring(11)))
                    : to;
            try (var in = SealedReader.open(fixture.stores.primary(), part, fixture.keys)) {
                if (part.role().equals("backup-manifest")) {
                    Files.write(to.resolve("backup_manifest"), in.readAllBytes());
                } else {
                    Tar.extract(stdin -> in.transferTo(stdin), into, part.plainBytes(), Progress.NONE);
                }
            }
        }
        for (Manifest.Tablespace space : manifest.cluster().tablespaces()) {
            Path link = to.resolve("pg_tblspc").resolve(String.valueOf(space.oid()));
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, folder.resolve("space" + space.oid()));
        }
        return to;
    }

    /** What PostgreSQL's own program says against it; empty when nothing. */
    private static String verify(Path unpacked, String... ignored) {
        var result = Command.of(Programs.find("pg_verifybackup"), unpacked.toString())
                .with(java.util.Arrays.stream(ignored).map(file -> "--ignore=" + file).toArray(String[]::new)).withDeadline(Duration.ofMinutes(1)).run();
        return result.succeeded() ? "" : result.stderr() + result.value();
    }
}
