package io.firedrill.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Check;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.Scene;
import io.firedrill.store.BackupId;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosisIT {
    private static final String DB = "diagnosed";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private Scene scene;

    @TempDir
    private Path folder;

    @BeforeEach
    void shop() throws Exception {
        scene = new Scene(postgres, folder, DB,
                new Check.Sql("orders exist", "select count(*) > 0 from orders", "orders"),
                new Check.Http("front page", URI.create("http://127.0.0.1:1/"), 200, Duration.ofSeconds(1)));
        postgres.sql(DB, "create table orders (id int primary key, note text)",
                "insert into orders select g, repeat('x', 100) from generate_series(1, 10000) g",
                "create table users (name text)", "insert into users select 'user ' || g from generate_series(1, 50) g");
        for (int i = 0; i < 20; i++) {
            Files.writeString(scene.uploads.resolve("letter%d.txt".formatted(i)), "Dear reader, ".repeat(500));
        }
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void healthyServiceShowsNoDamage() {
        BackupId dump = scene.dump();
        scene.sync();
        postgres.sql(DB, "insert into users values ('one more')", "delete from orders where id = 1");
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts()).isEqualTo(new Evidence.Facts(
                "up", 0, 0, 0, false, false, false, 0, 0, 0, 0, java.util.List.of("front page"), true, false, 0,
                java.util.List.of(), null, 0, 0));
        assertThat(evidence.databases()).singleElement().satisfies(source -> {
            assertThat(source.damaged()).isFalse();
            assertThat(source.lastGood()).isEqualTo(dump.value());
        });
    }

    @Test
    void deletedRowsAreSeenAndThatTheyWereDeleted() {
        BackupId dump = scene.dump();
        postgres.sql(DB, "delete from orders where id > 2500");
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().missingRows()).isEqualTo(7500);
        assertThat(evidence.facts().missingRowsPercent()).isEqualTo(75);
        assertThat(evidence.facts().deletesSeen()).isTrue();
        assertThat(evidence.facts().corruption()).isFalse();
        Evidence.Source orders = evidence.databases().get(0);
        assertThat(orders.damaged()).isTrue();
        assertThat(orders.lastGood()).isEqualTo(dump.value());
        assertThat(orders.tables()).containsExactly("public.orders: 10,000 rows expected, 2,500 found");
        assertThat(orders.traces()).singleElement().satisfies(trace -> {
            assertThat(trace.file()).isEqualTo(postgres.value(DB, "select pg_relation_filepath('orders')"));
            assertThat(trace.missingRows()).isEqualTo(7500);
            assertThat(trace.rowsLeft()).isEqualTo(2500);
        });
        assertThat(evidence.ways()).extracting(Evidence.Way::strategy).containsExactly("restore-databases", "mend-by-hand");
        assertThat(evidence.ways().getFirst().loses()).contains(dump.value());
        assertThat(evidence.facts().signs()).containsExactly("deleted-rows");
        assertThat(evidence.facts().damagedTables()).isEqualTo(1);
        assertThat(evidence.findings().get(0).severity()).isEqualTo("damage");
    }

    @Test
    void truncatedTableCountsAsDeleted() {
        scene.dump();
        postgres.sql(DB, "truncate orders");
        assertThat(scene.diagnose().facts().deletesSeen()).isTrue();
    }

    @Test
    void lastGoodIsFromBeforeTheDamageEvenIfBackupsWentOn() {
        BackupId good = scene.dump();
        postgres.sql(DB, "delete from orders where id > 2500");
        scene.dump();
        scene.dump();
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().missingRows()).isEqualTo(7500);
        assertThat(evidence.databases().get(0).lastGood()).isEqualTo(good.value());
    }

    @Test
    void droppedTableIsSeen() {
        scene.dump();
        postgres.sql(DB, "drop table users");
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().missingTables()).isEqualTo(1);
        assertThat(evidence.facts().missingRows()).isZero();
        assertThat(evidence.databases().get(0).tables()).containsExactly("public.users: missing");
    }

    @Test
    void droppedDatabaseMissesEveryTable() {
        BackupId dump = scene.dump();
        postgres.drop(DB);
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().server()).isEqualTo("refused");
        assertThat(evidence.facts().missingTables()).isEqualTo(2);
        assertThat(evidence.databases().get(0).lastGood()).isEqualTo(dump.value());
    }

    @Test
    void rowsThatVanishedWithoutDeletesAreNoDeletes() throws Exception {
        scene.dump();
        Path file = dataFile("orders");
        postgres.server().stop();
        byte[] bytes = Files.readAllBytes(file);
        java.util.Arrays.fill(bytes, 0, bytes.length / 2 / 8192 * 8192, (byte) 0);
        Files.write(file, bytes);
        postgres.server().start();
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().missingRows()).isBetween(4000L, 6000L);
        assertThat(evidence.facts().deletesSeen()).isFalse();
    }

    @Test
    void missingRelationFileIsCorruption() throws Exception {
        BackupId dump = scene.dump();
        Path file = dataFile("users");
        postgres.server().stop();
        Files.delete(file);
        postgres.server().start();
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().corruption()).isTrue();
        assertThat(evidence.databases().get(0).damaged()).isTrue();
        assertThat(evidence.databases().get(0).lastGood()).isEqualTo(dump.value());
        assertThat(evidence.databases().get(0).tables()).containsExactly("public.users: unreadable");
    }

    @Test
    void changedPageIsCorruption() throws Exception {
        scene.dump();
        Path file = dataFile("orders");
        postgres.server().stop();
        byte[] bytes = Files.readAllBytes(file);
        bytes[8192 + 4000] ^= 1;
        Files.write(file, bytes);
        postgres.server().start();
        assertThat(scene.diagnose().facts().corruption()).isTrue();
    }

    private Path dataFile(String table) {
        postgres.sql(DB, "vacuum (freeze, analyze) " + table, "checkpoint");
        return postgres.server().data().resolve(postgres.value(DB, "select pg_relation_filepath('" + table + "')"));
    }

    @Test
    void deadServerIsDown() {
        scene.dump();
        postgres.server().stop();
        try {
            Evidence evidence = scene.diagnose();
            assertThat(evidence.facts().server()).isEqualTo("down");
            assertThat(evidence.facts().failedChecks()).containsExactly("orders exist", "front page");
        } finally {
            postgres.server().start();
        }
    }

    @Test
    void lostFilesAreSeen() throws Exception {
        BackupId sync = scene.sync();
        for (int i = 0; i < 15; i++) {
            Files.delete(scene.uploads.resolve("letter%d.txt".formatted(i)));
        }
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().missingFiles()).isEqualTo(15);
        assertThat(evidence.facts().missingFilesPercent()).isEqualTo(75);
        assertThat(evidence.fileSets().get(0).lastGood()).isEqualTo(sync.value());
    }

    @Test
    void encryptedFilesAreSeenInPlaceAndRenamed() throws Exception {
        scene.sync();
        Random random = new Random(1);
        for (int i = 0; i < 6; i++) {
            byte[] noise = new byte[6500];
            random.nextBytes(noise);
            Path letter = scene.uploads.resolve("letter%d.txt".formatted(i));
            Files.write(letter, noise);
            if (i < 3) {
                Files.move(letter, scene.uploads.resolve("letter%d.txt.locked".formatted(i)));
            }
        }
        Files.writeString(scene.uploads.resolve("letter9.txt"), "an honest change ".repeat(300));
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().encryptedFiles()).isEqualTo(6);
        assertThat(evidence.facts().changedFiles()).isEqualTo(4);
        assertThat(evidence.facts().missingFiles()).isEqualTo(3);
    }

    @Test
    void aSnapshotThatHoldsEncryptedFilesIsNeverChosen() throws Exception {
        BackupId good = scene.sync();
        encrypt(0, 9);
        scene.sync();
        encrypt(9, 18);
        scene.sync();
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().encryptedFiles()).isEqualTo(18);
        assertThat(evidence.fileSets().get(0).lastGood()).isEqualTo(good.value());
        assertThat(scene.selectFiles().fileSets()).singleElement().satisfies(target -> assertThat(target.backup()).isEqualTo(good.value()));
    }

    @Test
    void theSyncStopsWhenMostFilesLookEncrypted() throws Exception {
        BackupId good = scene.sync();
        encrypt(0, 20);
        Scene.assertFails("files-look-encrypted", scene::sync);
        assertThat(scene.catalog.list(Scene.SERVICE)).singleElement()
                .satisfies(entry -> assertThat(entry.manifest().id()).isEqualTo(good));
    }

    private void encrypt(int from, int to) throws Exception {
        Random random = new Random(from);
        for (int i = from; i < to; i++) {
            byte[] noise = new byte[6500];
            random.nextBytes(noise);
            Files.write(scene.uploads.resolve("letter%d.txt".formatted(i)), noise);
        }
    }

    @Test
    void withoutBackupsThatIsSaid() {
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().backups()).isFalse();
        assertThat(evidence.findings()).anyMatch(finding -> finding.text().contains("no verified backup"));
    }
}
