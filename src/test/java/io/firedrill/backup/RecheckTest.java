package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedWriter;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which copies are read back again, and what becomes of one that is not what it was. */
class RecheckTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private BackupFixture shop;

    @BeforeEach
    void open() {
        BackupEntry entry = new BackupEntry(BackupKind.FILES, Optional.empty(), Keep.DEFAULT);
        shop = new BackupFixture(folder, List.of(), List.of(new FileSet("uploads", folder.resolve("source"))), List.of(entry),
                Clock.fixed(NOW, ZoneOffset.UTC), BackupFixture.local(folder),
                new StorePlan.Directory("offsite", folder.resolve("offsite")));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    /** A sealed object in each store, last checked so many days ago; null: never. */
    private BackupId taken(int daysAgo, String store, State state, @Nullable Integer checkedDaysAgo) throws IOException {
        Instant at = NOW.minus(Duration.ofDays(daysAgo));
        BackupId id = BackupId.of(SERVICE, "uploads", "files", at);
        Manifest.Part part;
        try (SealedWriter writer = SealedWriter.create(shop.stores.byName(store), "listing",
                SERVICE + "/" + id + "/listing.20261101T000000Z-00000000.txt", shop.keys)) {
            writer.write("one\n".repeat(1000).getBytes(StandardCharsets.UTF_8));
            part = writer.commit();
        }
        Manifest manifest = new Manifest(1, id, SERVICE, BackupKind.FILES, "uploads", at, at, at, null, null,
                new FileTreeContents(1, 1, 1, "d"), List.of(part), List.of(), Map.of(), List.of());
        Manifests.write(shop.stores.byName(store), manifest);
        shop.catalog.record(manifest, new CatalogEntry.Copy(store, state,
                checkedDaysAgo == null ? null : NOW.minus(Duration.ofDays(checkedDaysAgo)), ""));
        return id;
    }

    private static Backups.Copy copy(BackupId id, String store) {
        return new Backups.Copy(id, store);
    }

    @Test
    void thoseCheckedLongestAgoComeFirstAndFreshOnesNotAtAll() throws IOException {
        BackupId older = taken(90, "local", State.VERIFIED, 60);
        BackupId never = taken(50, "offsite", State.UNCHECKED, null);
        BackupId old = taken(40, "local", State.VERIFIED, 31);
        taken(100, "local", State.VERIFIED, 29);
        taken(80, "local", State.QUARANTINED, 70);
        assertThat(shop.backups.dueForCheck(SERVICE))
                .containsExactly(copy(never, "offsite"), copy(older, "local"), copy(old, "local"));
    }

    @Test
    void aCheckDatedInTheFutureCountsAsNone() throws IOException {
        BackupId ahead = taken(3, "local", State.VERIFIED, -400);
        assertThat(shop.backups.dueForCheck(SERVICE)).containsExactly(copy(ahead, "local"));
        assertThat(shop.backups.recheck(ahead, "local", Progress.NONE).state()).isEqualTo("good");
        assertThat(shop.backups.dueForCheck(SERVICE)).isEmpty();
    }

    @Test
    void aGoodOneIsNotDueAgain() throws IOException {
        BackupId id = taken(90, "local", State.VERIFIED, 60);
        assertThat(shop.backups.recheck(id, "local", Progress.NONE)).isEqualTo(new Backups.Rechecked("good", ""));
        assertThat(shop.backups.dueForCheck(SERVICE)).isEmpty();
    }

    @Test
    void aDamagedOneIsQuarantinedAndSaysWhy() throws IOException {
        BackupId id = taken(90, "local", State.VERIFIED, 60);
        Path object = folder.resolve("backups/shop/" + id + "/listing.20261101T000000Z-00000000.txt");
        try (var files = Files.list(object.getParent())) {
            Path sealed = files.filter(file -> file.getFileName().toString().startsWith("listing")).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(sealed);
            bytes[bytes.length / 2] ^= 1;
            Files.write(sealed, bytes);
        }
        Backups.Rechecked again = shop.backups.recheck(id, "local", Progress.NONE);
        assertThat(again.state()).isEqualTo("damaged");
        assertThat(again.note()).isNotEmpty();
        assertThat(shop.stateIn("local", id)).isEqualTo(State.QUARANTINED);
        assertThat(shop.backups.dueForCheck(SERVICE)).as("a person decides about it").isEmpty();
    }

    @Test
    void oneThatExpiredMeanwhileIsNoDamage() throws IOException {
        BackupId id = taken(90, "local", State.VERIFIED, 60);
        Manifests.delete(shop.stores.byName("local"), Manifests.read(shop.stores.byName("local"), id));
        assertThat(shop.backups.recheck(id, "local", Progress.NONE)).isEqualTo(new Backups.Rechecked("good", "expired meanwhile"));
    }
}
