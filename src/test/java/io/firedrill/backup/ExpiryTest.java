package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.catalog.StoreCatalog;
import io.firedrill.failure.Failure;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which backups go, which stay and what is said about each, in real folders. */
class ExpiryTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private BackupFixture shop;

    @BeforeEach
    void open() {
        BackupEntry newestOnly = new BackupEntry(BackupKind.FILES, Optional.empty(), new Keep(0, 0, 0, 0, 1));
        shop = new BackupFixture(folder, List.of(), List.of(new FileSet("uploads", folder.resolve("source"))), List.of(newestOnly),
                Clock.fixed(NOW, ZoneOffset.UTC), BackupFixture.local(folder),
                new StorePlan.Directory("offsite", folder.resolve("offsite")));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private BackupId taken(int daysAgo, String... stores) {
        Instant at = NOW.minus(Duration.ofDays(daysAgo));
        Manifest manifest = new Manifest(1, BackupId.of(SERVICE, "uploads", "files", at), SERVICE, BackupKind.FILES, "uploads",
                at, at, at, null, null, new FileTreeContents(1, 1, 1, "d"), List.of(), List.of(), Map.of(), List.of());
        for (String store : stores) {
            Manifests.write(shop.stores.byName(store), manifest);
            shop.catalog.record(manifest, new CatalogEntry.Copy(store, State.VERIFIED, at, ""));
        }
        return manifest.id();
    }

    private List<String> why(Backups.Expired expired, BackupId id) {
        return expired.fates().stream().filter(fate -> fate.backup().equals(id)).findFirst().orElseThrow().why();
    }

    @Test
    void aDryRunSaysWhatWouldGoAndWhyTheRestStaysAndRemovesNothing() {
        BackupId old = taken(3, "local", "offsite");
        BackupId young = taken(0, "local");
        Backups.Expired expired = shop.backups.expire(SERVICE, true);
        assertThat(expired.removed()).containsExactly(old);
        assertThat(expired.fates()).extracting(Backups.Fate::backup).containsExactly(young, old);
        assertThat(why(expired, young)).containsExactly("the newest good one", "among the newest 1");
        assertThat(why(expired, old)).singleElement().asString().startsWith("kept by no rule: days 0").endsWith("at least 1");
        assertThat(shop.catalog.list(SERVICE)).hasSize(2);
        assertThat(shop.backups.expire(SERVICE, false).removed()).containsExactly(old);
        assertThat(shop.stores.byName("offsite").list("")).isEmpty();
    }

    @Test
    void aHeldBackupStaysUntilItIsReleased() {
        BackupId old = taken(3, "local", "offsite");
        taken(0, "local");
        shop.backups.hold(old, true, "anna", "case 17");
        Backups.Expired expired = shop.backups.expire(SERVICE, false);
        assertThat(expired.removed()).isEmpty();
        assertThat(why(expired, old)).containsExactly("legal hold by anna since 2026-11-23T12:00:00Z: case 17");
        // Another server, which knows nothing but the stores, sees it too.
        assertThat(new StoreCatalog(shop.stores).find(old).flatMap(CatalogEntry::hold)).hasValueSatisfying(hold ->
                assertThat(hold.by()).isEqualTo("anna"));
        shop.backups.hold(old, false, "ben", "case closed");
        assertThat(shop.backups.expire(SERVICE, false).removed()).containsExactly(old);
    }

    @Test
    void aHoldThatOnlyTheStoreKnowsOfStillHolds() {
        BackupId old = taken(3, "local", "offsite");
        taken(0, "local");
        List<CatalogEntry> before = shop.catalog.list(SERVICE);
        shop.backups.hold(old, true, "anna", "case 17");
        Catalog stale = new StaleCatalog(shop.catalog, before);
        Backups.Expired expired = new Expiry(shop.stores, stale, Clock.fixed(NOW, ZoneOffset.UTC)).run(shop.plan.service(SERVICE), false);
        assertThat(expired.removed()).isEmpty();
        assertThat(why(expired, old)).singleElement().asString().startsWith("legal hold by anna");
    }

    @Test
    void aHoldNeedsAReasonAndAReleaseAHold() {
        BackupId id = taken(0, "local");
        assertFails("bad-reason", () -> shop.backups.hold(id, true, "anna", " "));
        assertFails("not-held", () -> shop.backups.hold(id, false, "anna", "over"));
        assertFails("unknown-backup", () -> shop.backups.hold(new BackupId("nothing"), true, "anna", "case 17"));
    }

    @Test
    void aLockedCopyStaysUntilTheLockEndsAndTheRestGoesOn() {
        BackupId locked = taken(3, "local", "offsite");
        BackupId free = taken(2, "local", "offsite");
        taken(0, "local");
        Map<String, Instant> locks = new HashMap<>();
        locks.put("shop/" + locked + "/manifest.json", NOW.plus(Duration.ofDays(4)));
        Stores stores = Stores.of(List.of(shop.stores.byName("local"), new LockedStore(shop.stores.byName("offsite"), locks)));
        Expiry expiry = new Expiry(stores, new StoreCatalog(stores), Clock.fixed(NOW, ZoneOffset.UTC));

        assertThat(expiry.run(shop.plan.service(SERVICE), true).removed()).containsExactly(free);
        Backups.Expired expired = expiry.run(shop.plan.service(SERVICE), false);
        assertThat(expired.removed()).containsExactly(free);
        assertThat(why(expired, locked)).containsExactly("locked until 2026-11-27T12:00:00Z in offsite");
        assertThat(shop.catalog.find(locked).orElseThrow().copies()).extracting(CatalogEntry.Copy::store).containsExactly("offsite");

        locks.clear();
        assertThat(expiry.run(shop.plan.service(SERVICE), false).removed()).containsExactly(locked);
    }

    @Test
    void anIdOfASecondThatHadItsBackupBeforeTheClockWasSetBackIsNotGivenAwayTwice() {
        BackupId there = taken(0, "local");
        BackupId next = shop.backups.plan(SERVICE, "files", NOW).fileSets().getFirst().backup();
        assertThat(next).isNotEqualTo(there).isEqualTo(BackupId.of(SERVICE, "uploads", "files", NOW.plusSeconds(1)));
    }

    /** The catalogue of a server that has not looked into the stores since. */
    private record StaleCatalog(Catalog inner, List<CatalogEntry> seen) implements Catalog {
        @Override
        public List<CatalogEntry> list(@Nullable String service) {
            return seen;
        }

        @Override
        public Optional<CatalogEntry> find(BackupId id) {
            return inner.find(id);
        }

        @Override
        public void record(Manifest manifest, CatalogEntry.Copy copy) {
            inner.record(manifest, copy);
        }

        @Override
        public void hold(Manifest manifest, String store, Hold hold) {
            inner.hold(manifest, store, hold);
        }

        @Override
        public void forget(BackupId id, String store) {
            inner.forget(id, store);
        }

        @Override
        public int rescan() {
            return inner.rescan();
        }
    }

    /** A folder that keeps locked objects as a bucket with object lock does. */
    private record LockedStore(Store inner, Map<String, Instant> locks) implements Store {
        @Override
        public Optional<Instant> lockedUntil(String key) {
            return Optional.ofNullable(locks.get(key));
        }

        @Override
        public void delete(String key) {
            if (locks.containsKey(key)) {
                throw new Failure("object-locked", key + " is locked.", "It stays.", "Wait.").lasting();
            }
            inner.delete(key);
        }

        @Override
        public String name() {
            return inner.name();
        }

        @Override
        public String address() {
            return inner.address();
        }

        @Override
        public io.firedrill.store.ObjectSink create(String key) {
            return inner.create(key);
        }

        @Override
        public InputStream open(String key) {
            return inner.open(key);
        }

        @Override
        public Optional<StoredObject> head(String key) {
            return inner.head(key);
        }

        @Override
        public List<StoredObject> list(String prefix) {
            return inner.list(prefix);
        }

        @Override
        public void requireReady() {
            inner.requireReady();
        }

        @Override
        public void removeUnfinished(Instant startedBefore) {
            inner.removeUnfinished(startedBefore);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
