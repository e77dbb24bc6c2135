package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.physical.ChainLocks;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.StorePlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Against a server that really refuses to remove what is locked. */
class ObjectLockIT extends StoreContract {
    private static Path folder;
    private static RadosGateway server;
    private static S3Client anybody;
    private String prefix;
    private Store store;

    @BeforeAll
    static void start() throws IOException {
        RadosGateway.require();
        folder = Files.createTempDirectory("ceph");
        server = RadosGateway.start(folder);
        anybody = S3Clients.open(server.plan("locked", ""), Duration.ofSeconds(30));
        anybody.createBucket(c -> c.bucket("locked").objectLockEnabledForBucket(true));
        anybody.createBucket(c -> c.bucket("plain"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            anybody.close();
            server.close();
            Trees.remove(folder, folder);
        }
    }

    @BeforeEach
    void open() throws IOException {
        prefix = "p-" + UUID.randomUUID();
        store = locking(Duration.ofSeconds(1), StorePlan.Lock.Mode.COMPLIANCE);
    }

    private Store locking(Duration time, StorePlan.Lock.Mode mode) throws IOException {
        return Stores.open(server.plan("locked", prefix).with(new StorePlan.Lock(time, mode)));
    }

    @Override
    Store store() {
        return store;
    }

    /** The lock of a second has to end first. */
    @Override
    @Test
    void aRemovedObjectIsGone() throws IOException {
        put("a/x", new byte[1]);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> store.lockedUntil("a/x").isEmpty());
        store.delete("a/x");
        assertThat(store.list("")).isEmpty();
        assertThat(anybody.listObjectVersions(l -> l.bucket("locked").prefix(prefix)).versions()).isEmpty();
    }

    @Test
    void nobodyRemovesWhatIsLockedAndTheRemovalSaysUntilWhen() throws IOException {
        try (Store locked = locking(Duration.ofDays(1), StorePlan.Lock.Mode.COMPLIANCE)) {
            Instant before = Instant.now();
            write(locked, "small", 100);
            write(locked, "large", 20_000_000);
            for (String key : new String[] {"small", "large"}) {
                assertThat(locked.lockedUntil(key).orElseThrow())
                        .isAfterOrEqualTo(before.plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
                assertFails("object-locked", false, () -> locked.delete(key));
                String version = anybody.listObjectVersions(l -> l.bucket("locked").prefix(prefix + "/" + key))
                        .versions().getFirst().versionId();
                org.assertj.core.api.Assertions.assertThatThrownBy(() -> anybody.deleteObject(
                                d -> d.bucket("locked").key(prefix + "/" + key).versionId(version)))
                        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
            }
            assertThat(locked.list("")).hasSize(2);
        }
    }

    @Test
    void whatAnIntruderPutsOnTopHidesNothing() throws IOException {
        try (Store locked = locking(Duration.ofDays(1), StorePlan.Lock.Mode.COMPLIANCE)) {
            write(locked, "a", 3);
            write(locked, "b", 3);
            anybody.deleteObject(d -> d.bucket("locked").key(prefix + "/a"));
            anybody.putObject(p -> p.bucket("locked").key(prefix + "/b"), RequestBody.fromString("encrypted for ransom"));
            assertThat(locked.list("")).containsExactly(new Store.StoredObject("a", 3), new Store.StoredObject("b", 3));
            assertThat(locked.head("a")).contains(new Store.StoredObject("a", 3));
            for (String key : new String[] {"a", "b"}) {
                try (InputStream in = locked.open(key)) {
                    assertThat(in.readAllBytes()).isEqualTo(new byte[3]);
                }
            }
        }
    }

    @Test
    void aLockIsMadeLongerWhenANewerBackupNeedsTheObjectAndNeverShorter() throws IOException {
        for (StorePlan.Lock.Mode mode : StorePlan.Lock.Mode.values()) {
            try (Store locked = locking(Duration.ofHours(1), mode)) {
                write(locked, "base-" + mode, 3);
                Instant later = Instant.now().plus(Duration.ofHours(5)).truncatedTo(ChronoUnit.SECONDS);
                locked.keepLocked("base-" + mode, later);
                locked.keepLocked("base-" + mode, later.minus(Duration.ofHours(3)));
                assertThat(locked.lockedUntil("base-" + mode)).contains(later);
                assertFails("object-missing", false, () -> locked.keepLocked("none", later));
            }
        }
    }

    @Test
    void aFullBackupAndTheWalSinceStayLockedAsLongAsWhatNeedsThem() throws IOException {
        try (Store brief = locking(Duration.ofHours(1), StorePlan.Lock.Mode.COMPLIANCE);
                Store later = locking(Duration.ofHours(9), StorePlan.Lock.Mode.COMPLIANCE)) {
            Manifest alone = base(brief, 1, "0/1000028");
            Manifest full = base(brief, 2, "0/2000028");
            String before = wal(brief, 1);
            String first = wal(brief, 3);
            String second = wal(brief, 4);
            Manifest incremental = base(later, 3, "0/3000028", full.id().value());
            ChainLocks locks = new ChainLocks(brief, new WalSource("shop", "orders"), Instant.now());

            locks.extend();

            Instant needed = later.lockedUntil(incremental.parts().getFirst().key()).orElseThrow();
            for (String key : List.of(full.parts().getFirst().key(), Keyspace.manifest("shop", full.id()))) {
                assertThat(brief.lockedUntil(key).orElseThrow()).isAfterOrEqualTo(needed);
            }
            Instant soon = Instant.now().plus(Duration.ofHours(2));
            for (String key : List.of(alone.parts().getFirst().key(), before, first, second)) {
                assertThat(brief.lockedUntil(key).orElseThrow()).isBefore(soon);
            }

            Instant newest;
            try (Store longest = locking(Duration.ofHours(30), StorePlan.Lock.Mode.COMPLIANCE)) {
                newest = longest.lockedUntil(wal(longest, 5)).orElseThrow();
            }
            locks.extend();

            for (String key : List.of(full.parts().getFirst().key(), incremental.parts().getFirst().key(), first, second)) {
                assertThat(brief.lockedUntil(key)).contains(newest);
            }
            assertThat(brief.lockedUntil(before).orElseThrow()).isBefore(soon);
        }
    }

    private static Manifest base(Store into, int minute, String startLsn, String... needs) throws IOException {
        Instant at = Instant.parse("2026-11-23T08:0%d:00Z".formatted(minute));
        BackupId id = BackupId.of("shop", "orders", "physical", at);
        String key = Keyspace.prefix("shop", id) + "base.tar.zst";
        write(into, key, 3);
        Manifest manifest = new Manifest(1, id, "shop", BackupKind.PHYSICAL, "orders", at, at, at, null, null, null,
                List.of(new Manifest.Part("base", key, 3, "", 3, "", List.of("zstd"))), List.of(), Map.of(), List.of(),
                new Manifest.ClusterFacts("15.1", 150001, "7301", 1, startLsn, startLsn, startLsn, "", "", at, 16 << 20, 3, List.of(),
                        List.of(), List.of(needs)));
        Manifests.write(into, manifest);
        return manifest;
    }

    private static String wal(Store into, int segment) throws IOException {
        String key = "shop/orders-wal/7301/00000001/00000001000000000000000%d.none.%s.wal.zst".formatted(segment, "0".repeat(64));
        write(into, key, 3);
        return key;
    }

    @Test
    void aBucketWithoutObjectLockIsNamedBeforeAnythingIsWritten() throws IOException {
        StorePlan.S3 plan = server.plan("plain", prefix)
                .with(new StorePlan.Lock(Duration.ofDays(1), StorePlan.Lock.Mode.COMPLIANCE));
        try (Store cannot = Stores.open(plan)) {
            assertFails("lock-unsupported", false, cannot::requireReady);
            assertFails("lock-unsupported", false, () -> cannot.create("a"));
            assertFails("lock-unsupported", false, () -> cannot.resume("a", 10));
        }
        assertThat(anybody.listObjectsV2(l -> l.bucket("plain")).contents()).isEmpty();
    }

    @Test
    void aBucketThatCanIsReady() {
        store.requireReady();
    }

    private static void write(Store to, String key, int size) throws IOException {
        try (ObjectSink sink = to.create(key)) {
            sink.write(new byte[size]);
            sink.commit();
        }
    }
}
