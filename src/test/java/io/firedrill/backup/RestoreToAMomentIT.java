package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firedrill.physical.BaseBackups;
import io.firedrill.physical.WalReceiver;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Repository;
import io.firedrill.proof.DatabaseProof;
import io.firedrill.proof.Measure;
import io.firedrill.proof.Proof;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;
import io.firedrill.tool.ToolScene;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.FileSystemUtils;

/** From Firedrill's own base backups, pgBackRest's and Barman's, by one and the same way, to the moment before the damage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreToAMomentIT {
    private static final List<BackupEntry> PHYSICAL = List.of(new BackupEntry(BackupKind.PHYSICAL, Optional.empty(), Keep.DEFAULT));
    private static final Duration LONG = Duration.ofSeconds(90);

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

    /** Empty: Firedrill's own. */
    private Stream<Optional<Repository>> keepers() {
        return Stream.of(Optional.empty(), Optional.of(scene.pgBackRest()), Optional.of(scene.barman()));
    }

    @ParameterizedTest
    @MethodSource("keepers")
    void theMomentBeforeTheDamageIsReachedAndProven(Optional<Repository> repository) throws Exception {
        Database plain = ToolScene.database(scene.server().port());
        Database db = repository.map(plain::in).orElse(plain);
        try (BackupFixture fixture = new BackupFixture(folder, List.of(db), List.of(), PHYSICAL, Clock.systemUTC(), BackupFixture.local(folder));
                WalReceiver receiver = repository.isEmpty() ? receiver(fixture, db) : null) {
            if (receiver != null) {
                receiver.start();
                await().atMost(LONG).until(() -> receiver.status().state() == io.firedrill.physical.WalStatus.State.STREAMING);
            }
            Manifest base = take(fixture);
            scene.sql("truncate numbers", "insert into numbers select generate_series(1, 4321)");
            Measure.Measured before = Measure.databaseWithInventory(db, null, 1, Progress.NONE);
            Instant moment = Instant.parse(scene.value("select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            scene.sql("delete from numbers where n > 1000", "create table junk (n int)");
            try {
                archived(db, receiver);

                Proof proof = restored(fixture, base, new RecoveryTarget.Time(moment), db, before);

                assertThat(proof.proven()).as(proof.toString()).isTrue();
                assertFails("moment-not-recoverable", () -> new BaseBackups(fixture.plan, fixture.keys)
                        .restore(fixture.stores.primary(), base)
                        .layOut(base, new RecoveryTarget.Time(base.startedAt().minusSeconds(60)), folder.resolve("early"), Progress.NONE));
                assertThat(folder.resolve("early")).doesNotExist();
            } finally {
                scene.sql("drop table junk");
            }
        }
    }

    private Manifest take(BackupFixture fixture) {
        BackupId id = fixture.backups.plan(SERVICE, "physical", Clock.systemUTC().instant()).clusters().getFirst().backup();
        fixture.backups.baseBackup(SERVICE, "orders", id, Progress.NONE);
        fixture.backups.check(id, "local", Progress.NONE);
        return Manifests.read(fixture.stores.primary(), id);
    }

    private void archived(Database db, @Nullable WalReceiver receiver) {
        if (receiver == null) {
            BaseBackups.archiveWal(db);
            return;
        }
        Lsn end = Lsn.parse(scene.value("select pg_current_wal_lsn()"));
        scene.sql("select pg_switch_wal()");
        await().atMost(LONG).until(() -> Optional.ofNullable(receiver.status().lastArchivedLsn())
                .filter(lsn -> Lsn.parse(lsn).compareTo(end) >= 0)
                .isPresent());
    }

    private Proof restored(BackupFixture fixture, Manifest base, RecoveryTarget target, Database db, Measure.Measured before) throws Exception {
        Path place = Files.createTempDirectory(scene.folder(), "restored");
        LocalPostgres.own(place);
        LocalPostgres copy = new LocalPostgres(place, Ports.free());
        try {
            new BaseBackups(fixture.plan, fixture.keys)
                    .restore(fixture.stores.primary(), base)
                    .layOut(base, target, copy.data(), Progress.NONE);
            copy.configure(Map.of("fsync", "off", "unix_socket_directories", place.toString()));
            copy.start();
            // It takes no session before it has reached the target.
            await().atMost(LONG).ignoreExceptions().until(() -> ToolScene.value(copy.port(), "select 1").equals("1"));
            Database there = new Database(db.name(), db.host(), copy.port(), db.user(), db.dbname(), Map.of(), db.passwordFile());
            return DatabaseProof.compare(before.contents(), Measure.databaseWithInventory(there, null, 1, Progress.NONE), before::inventory);
        } finally {
            copy.stop();
            FileSystemUtils.deleteRecursively(place);
        }
    }

    private WalReceiver receiver(BackupFixture fixture, Database db) {
        return new WalReceiver(new WalSource(SERVICE, db.name()), db, Duration.ofMillis(300), folder.resolve("spool"), fixture.stores,
                fixture.keys, new WalReceiver.Settings(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(500), 1L << 30),
                alarm -> {}, Clock.systemUTC());
    }
}
