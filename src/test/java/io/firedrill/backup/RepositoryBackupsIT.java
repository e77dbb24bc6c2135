package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.diagnosis.Probes;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Repository;
import io.firedrill.plan.StorePlan;
import io.firedrill.recovery.BesideRecovery;
import io.firedrill.recovery.MeasuredRecoveries;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.SelectRequest;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.PhysicalTool;
import io.firedrill.tool.PhysicalTool.Held;
import io.firedrill.tool.Progress;
import io.firedrill.tool.ToolScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** Backups that the real pgBackRest and the real Barman keep, as backups like any other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryBackupsIT {
    private static final List<BackupEntry> PHYSICAL = List.of(new BackupEntry(BackupKind.PHYSICAL, Optional.empty(), Keep.DEFAULT));

    private static final List<BackupEntry> LOGICAL_TOO = List.of(
            new BackupEntry(BackupKind.LOGICAL, Optional.empty(), Keep.DEFAULT), PHYSICAL.getFirst());
    private static final String INCIDENT = "INC-20261123-084512-shop";

    private ToolScene scene;

    @TempDir
    Path folder;

    @BeforeAll
    void start() {
        scene = ToolScene.start();
    }

    @AfterAll
    void remove() {
        scene.close();
    }

    private Stream<Repository> repositories() {
        return Stream.of(scene.pgBackRest(), scene.barman());
    }

    private BackupFixture fixture(Repository repository) {
        return fixture(ToolScene.database(scene.server().port()).in(repository), PHYSICAL);
    }

    private BackupFixture fixture(Database db, List<BackupEntry> entries) {
        return new BackupFixture(folder, List.of(db), List.of(), entries, Clock.systemUTC(), BackupFixture.local(folder),
                new StorePlan.Directory("offsite", folder.resolve("offsite")));
    }

    private static BackupId take(BackupFixture fixture) {
        BackupId id = fixture.backups.plan(SERVICE, "physical", Clock.systemUTC().instant()).clusters().getFirst().backup();
        fixture.backups.baseBackup(SERVICE, "orders", id, Progress.NONE);
        return id;
    }

    private static List<Held> held(Repository repository) {
        return PhysicalTool.of(repository).backups().stream().filter(Held::good).toList();
    }

    private static Manifest manifest(BackupFixture fixture, BackupId id) {
        return Manifests.read(fixture.stores.primary(), id);
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void oneIsTakenListedAndCheckedLikeAnyOther(Repository repository) {
        try (BackupFixture fixture = fixture(repository)) {
            BackupId id = take(fixture);

            CatalogEntry entry = fixture.catalog.find(id).orElseThrow();
            assertThat(entry.state()).isEqualTo(State.UNCHECKED);
            assertThat(entry.manifest().kind()).isEqualTo(BackupKind.PHYSICAL);
            assertThat(entry.manifest().source()).isEqualTo("orders");
            assertThat(entry.manifest().placeIn("local")).isEqualTo(repository.store());
            assertThat(entry.manifest().plainBytes()).isGreaterThan(20_000_000);
            assertThat(entry.manifest().storedBytes()).isPositive();
            assertThat(entry.manifest().howToDecode()).anyMatch(line -> line.contains(entry.manifest().repository().label()));

            BackupSummary checked = fixture.backups.check(id, "local", Progress.NONE);

            assertThat(checked.repository()).isEqualTo(repository.store());
            assertThat(fixture.stateIn("local", id)).isEqualTo(State.VERIFIED);
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void aJobHandedOutTwiceTakesOneBackup(Repository repository) {
        try (BackupFixture fixture = fixture(repository)) {
            BackupId id = take(fixture);
            int before = held(repository).size();
            fixture.backups.baseBackup(SERVICE, "orders", id, Progress.NONE);

            // The worker died after the tool was done, before anything was noted.
            Manifests.delete(fixture.stores.primary(), manifest(fixture, id));
            fixture.backups.baseBackup(SERVICE, "orders", id, Progress.NONE);

            assertThat(held(repository)).hasSize(before);
            assertThat(held(repository).getLast().name()).isEqualTo(id.value());
            assertThat(manifest(fixture, id).repository().label()).isEqualTo(held(repository).getLast().label());
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void whatWasTakenWithoutFiredrillIsListedUnderAnIdThatStays(Repository repository) {
        scene.run(repository.tool() == Repository.Tool.BARMAN
                ? scene.barman("backup", "--wait", "main")
                : scene.pgBackRest("backup", "--type=full", "--no-expire-auto"));
        String label = held(repository).getLast().label();
        try (BackupFixture fixture = fixture(repository)) {
            BackupId own = take(fixture);
            BackupId foreign = new BackupId("shop-orders-physical-" + label);
            fixture.catalog.rescan();
            assertThat(ids(fixture)).contains(own, foreign).hasSize(held(repository).size());

            // The primary store is lost; what the tool has is told again by the tool.
            FileSystemUtils.deleteRecursively(folder.resolve("backups").toFile());
            assertThat(fixture.catalog.rescan()).isEqualTo(held(repository).size());
            assertThat(ids(fixture)).contains(own, foreign);
            fixture.backups.check(foreign, "local", Progress.NONE);
            assertThat(fixture.stateIn("local", foreign)).isEqualTo(State.VERIFIED);
        }
    }

    private static List<BackupId> ids(BackupFixture fixture) {
        return fixture.catalog.list(SERVICE).stream().map(entry -> entry.manifest().id()).toList();
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void aFlippedByteQuarantinesTheBackupUntilItIsGoodAgain(Repository repository) {
        try (BackupFixture fixture = fixture(repository)) {
            BackupId id = take(fixture);
            // An incremental backup may have no file of its own: the one that it needs is damaged then.
            String label = Stream.concat(manifest(fixture, id).repository().needs().stream(), Stream.of(manifest(fixture, id).repository().label()))
                    .findFirst()
                    .orElseThrow();
            scene.flip(repository, label);
            try {
                FailureException failure = assertFails("repository-damaged", () -> fixture.backups.check(id, "local", Progress.NONE));
                assertThat(failure.failure().next()).contains("Take a full backup with " + repository.tool().title());
                assertThat(fixture.stateIn("local", id)).isEqualTo(State.QUARANTINED);
            } finally {
                scene.flip(repository, label);
            }
            fixture.backups.check(id, "local", Progress.NONE);
            assertThat(fixture.stateIn("local", id)).isEqualTo(State.VERIFIED);
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void copiesAndHoldsAreTheToolsOwnBusiness(Repository repository) {
        try (BackupFixture fixture = fixture(repository)) {
            BackupId id = take(fixture);

            assertThat(fixture.backups.copyOffsite(id, "offsite", Progress.NONE).repository()).isEqualTo(repository.store());
            assertThat(fixture.stores.byName("offsite").list(SERVICE + "/")).isEmpty();
            assertFails("hold-elsewhere", () -> fixture.backups.hold(id, true, "anna", "lawsuit"));
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void retentionOfTheToolDecidesAndTheCatalogueFollows(Repository repository) {
        try (BackupFixture fixture = fixture(repository)) {
            for (int i = 0; i < 3; i++) {
                scene.run(repository.tool() == Repository.Tool.BARMAN
                        ? scene.barman("backup", "--wait", "main")
                        : scene.pgBackRest("backup", "--type=full", "--no-expire-auto"));
            }
            fixture.catalog.rescan();
            int before = ids(fixture).size();
            assertThat(fixture.backups.expire(SERVICE, true).removed()).isEmpty();
            assertThat(ids(fixture)).hasSize(before);

            Backups.Expired expired = fixture.backups.expire(SERVICE, false);

            assertThat(expired.removed()).isNotEmpty();
            assertThat(expired.fates()).filteredOn(Backups.Fate::removed)
                    .allSatisfy(fate -> assertThat(fate.why()).containsExactly("no longer kept by the retention of " + repository.store()));
            assertThat(ids(fixture)).hasSize(held(repository).size()).doesNotContainAnyElementsOf(expired.removed());
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void aDatabaseComesBackFromJustBeforeTheDamageAndFromANamedMoment(Repository repository) throws Exception {
        Database db = shop(repository);
        try (BackupFixture fixture = fixture(db, LOGICAL_TOO)) {
            BesideRecovery recovery = new BesideRecovery(fixture.plan, fixture.stores, fixture.keys, fixture.catalog,
                    MeasuredRecoveries.NONE, folder.resolve("scratch"), folder.resolve("wal"), Clock.systemUTC());
            BackupId dump = dump(fixture);
            BackupId base = take(fixture);
            fixture.backups.check(base, "local", Progress.NONE);
            ToolScene.sql(db, "insert into orders select g, g from generate_series(1001, 1500) g");
            Instant moment = Instant.parse(ToolScene.value(db,
                    "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            String position = ToolScene.value(db, "select pg_current_wal_insert_lsn()");
            ToolScene.sql(db, "insert into orders values (2001, 1)", "delete from orders where id <= 1400");

            RestorePlan what = recovery.select(request(fixture, "latest"));

            RestorePlan.DatabaseTarget target = what.databases().getFirst();
            assertThat(target.backup()).isEqualTo(base.value());
            assertThat(target.pointInTime().why()).contains("deleted 1,400 rows of public.orders");
            assertThat(what.candidates()).filteredOn(one -> one.backup().equals(dump.value()))
                    .extracting(RestorePlan.Candidate::verdict).containsExactly("loses-more");
            assertThat(restored(recovery, db, what)).isEqualTo("1501");
            assertThat(restored(recovery, db, recovery.select(request(fixture, moment.toString())))).isEqualTo("1500");
            RestorePlan through = recovery.select(request(fixture, position));
            assertThat(through.databases().getFirst().backup()).isEqualTo(base.value());
            assertThat(through.databases().getFirst().snapshotAt()).isBeforeOrEqualTo(moment);
            assertThat(restored(recovery, db, through)).isEqualTo("1500");
            recovery.discard(SERVICE, INCIDENT, what);

            assertThat(recovery.select(request(fixture, "FFFF/0")).candidates())
                    .filteredOn(one -> one.backup().equals(base.value()))
                    .allSatisfy(one -> assertThat(one.why()).contains("FFFF/0 is out of its reach"));
        } finally {
            scene.sql("drop database if exists shop_" + repository.tool().word() + " with (force)");
        }
    }

    /** A database of its own on the scene's server, whose superuser has a password. */
    private Database shop(Repository repository) throws IOException {
        Path password = Files.writeString(folder.resolve("password"), ToolScene.PASSWORD);
        String dbname = "shop_" + repository.tool().word();
        scene.sql("create database " + dbname);
        Database db = new Database("orders", "127.0.0.1", scene.server().port(), LocalPostgres.SUPERUSER, dbname, Map.of(), Optional.of(password));
        ToolScene.sql(db, "create table orders (id int primary key, total int)", "insert into orders select g, g from generate_series(1, 1000) g");
        return db.in(repository);
    }

    private static BackupId dump(BackupFixture fixture) {
        BackupId id = BackupId.of(SERVICE, "orders", "logical", Clock.systemUTC().instant());
        fixture.backups.dumpDatabase(SERVICE, "orders", id, Progress.NONE);
        fixture.backups.check(id, "local", Progress.NONE);
        return id;
    }

    private static SelectRequest request(BackupFixture fixture, String to) {
        Evidence evidence = new Probes(fixture.plan, fixture.stores, fixture.keys, fixture.catalog, Clock.systemUTC())
                .collect(SERVICE, Progress.NONE);
        return new SelectRequest(SERVICE, INCIDENT, List.of("orders"), List.of(), to, null, List.of(), evidence);
    }

    private static String restored(BesideRecovery recovery, Database db, RestorePlan what) {
        RestorePlan.DatabaseTarget target = what.databases().getFirst();
        recovery.restoreDatabase(SERVICE, target, Progress.NONE);
        assertThat(recovery.proveDatabase(SERVICE, target, Progress.NONE).differences()).isEmpty();
        return ToolScene.value(db.onDatabase(target.beside()), "select count(*) from orders");
    }

    @Test
    void losingTheNoteOfABackupNeverTouchesTheBackup() {
        Repository repository = scene.pgBackRest();
        try (BackupFixture fixture = fixture(repository)) {
            BackupId id = take(fixture);
            List<Held> before = held(repository);
            CatalogEntry entry = fixture.catalog.find(id).orElseThrow();

            assertThat(new Removal(fixture.stores, fixture.catalog, Clock.systemUTC()).remove(entry, "local", false)).isNull();

            assertThat(held(repository)).isEqualTo(before);
            fixture.catalog.rescan();
            assertThat(fixture.catalog.find(id)).isPresent();
        }
    }

    @Test
    void aStanzaThatIsNotThereIsNamedAndHidesNoOtherBackup() {
        Repository lost = new Repository(Repository.Tool.PGBACKREST, "nope", scene.pgBackRest().config(), ToolScene.USER);
        try (BackupFixture fixture = fixture(lost)) {
            FailureException failure = assertFails("pgbackrest-stanza", () -> take(fixture));
            assertThat(failure.failure().what()).contains("'nope'");
            assertThat(failure.failure().next()).contains("--stanza=nope");
            assertThat(fixture.catalog.rescan()).isZero();
        }
    }

    @Test
    void aBrokenArchiveCommandLeavesNoBackupAndSaysWhatToLookAt() {
        Repository repository = scene.pgBackRest();
        int before = held(repository).size();
        scene.archiveBy("false # pgbackrest");
        try (BackupFixture fixture = fixture(repository)) {
            FailureException failure = assertFails("wal-not-archived", () -> take(fixture));
            assertThat(failure.failure().next()).contains("archive_command");
            assertThat(held(repository)).hasSize(before);
            fixture.catalog.rescan();
            assertThat(ids(fixture)).hasSize(before);
        } finally {
            scene.archiveBy(null);
        }
    }

    @Test
    void aPlanThatNoLongerNamesTheRepositoryDoesNotListIt() {
        try (BackupFixture fixture = fixture(scene.pgBackRest())) {
            take(fixture);
        }
        try (BackupFixture other = fixture(scene.barman())) {
            other.catalog.rescan();
            assertThat(other.catalog.list(SERVICE)).allSatisfy(entry ->
                    assertThat(entry.manifest().repository().store()).isEqualTo("barman:main"));
        }
    }
}
