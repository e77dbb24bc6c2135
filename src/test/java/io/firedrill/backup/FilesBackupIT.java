package io.firedrill.backup;

import static io.firedrill.backup.BackupFixture.SERVICE;
import static io.firedrill.backup.BackupFixture.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.Measure;
import io.firedrill.store.BackupId;
import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.S3ProxyServer;
import io.firedrill.store.StockTools;
import io.firedrill.tool.Command;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Rsync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real rsync and tar, a real S3-compatible server. */
class FilesBackupIT {
    private static final Instant FIRST = Instant.parse("2026-11-20T02:30:00Z");

    @TempDir
    static Path servers;

    @TempDir
    Path folder;

    private static S3ProxyServer s3;
    private Path source;
    private BackupFixture shop;

    @BeforeAll
    static void start() throws IOException {
        s3 = S3ProxyServer.start(servers);
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @BeforeEach
    void open() throws IOException {
        source = Files.createDirectories(folder.resolve("source"));
        Files.createDirectories(source.resolve("a dir/ünïcode"));
        Files.writeString(source.resolve("a dir/ünïcode/new\nline"), "one");
        Files.writeString(source.resolve("same"), "same");
        Files.writeString(source.resolve("changes"), "before");
        Files.writeString(source.resolve("goes"), "goes");
        Files.createSymbolicLink(source.resolve("link"), Path.of("nowhere"));
        Files.createLink(source.resolve("hard"), source.resolve("same"));
        Files.setPosixFilePermissions(source.resolve("goes"), PosixFilePermissions.fromString("r--------"));
        shop = fixture(BackupFixture.local(folder), s3.plan("offsite", "p" + folder.getFileName()));
    }

    private BackupFixture fixture(StorePlan... stores) {
        BackupEntry entry = new BackupEntry(BackupKind.FILES, Optional.empty(), new Keep(0, 0, 0, 0, 1));
        return new BackupFixture(folder, List.of(), List.of(new FileSet("uploads", source)), List.of(entry), Clock.systemUTC(), stores);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    private static BackupId id(int day) {
        return BackupId.of(SERVICE, "uploads", "files", FIRST.plus(Duration.ofDays(day)));
    }

    private Path sync(int day) {
        shop.backups.syncFiles(SERVICE, "uploads", id(day), Progress.NONE);
        shop.backups.check(id(day), "local", Progress.NONE);
        return tree(id(day));
    }

    private Path tree(BackupId id) {
        Manifest manifest = Manifests.read(shop.stores.primary(), id);
        String key = manifest.parts().stream().filter(p -> p.role().equals("folder")).findFirst().orElseThrow().key();
        return ((DirectoryStore) shop.stores.primary()).folder(key);
    }

    @Test
    void aSnapshotHoldsWhatTheFolderHeld() {
        Path tree = sync(0);
        assertThat(Measure.files(tree, null, Progress.NONE)).isEqualTo(Measure.files(source, null, Progress.NONE));
        assertThat(Manifests.read(shop.stores.primary(), id(0)).files().files()).isEqualTo(5);
        assertThat(shop.stateIn("local", id(0))).isEqualTo(State.VERIFIED);
    }

    @Test
    void unchangedFilesAreSharedAndOlderSnapshotsStayAsTheyWere() throws IOException {
        Path first = sync(0);
        Files.writeString(source.resolve("changes"), "after!");
        Files.delete(source.resolve("goes"));
        Files.setPosixFilePermissions(source.resolve("a dir/ünïcode/new\nline"), PosixFilePermissions.fromString("rw-rw-rw-"));
        Path second = sync(1);

        assertThat(inode(first.resolve("same"))).isEqualTo(inode(second.resolve("same")));
        assertThat(inode(first.resolve("changes"))).isNotEqualTo(inode(second.resolve("changes")));
        assertThat(first.resolve("changes")).hasContent("before");
        assertThat(first.resolve("goes")).exists();
        assertThat(second.resolve("goes")).doesNotExist();
        shop.backups.check(id(0), "local", Progress.NONE);
        shop.backups.check(id(1), "local", Progress.NONE);
    }

    @Test
    void aChangeThatKeptSizeAndTimeIsNotMissed() throws IOException {
        sync(0);
        FileTime time = Files.getLastModifiedTime(source.resolve("changes"));
        Files.writeString(source.resolve("changes"), "AFTER!");
        Files.setLastModifiedTime(source.resolve("changes"), time);
        assertThat(sync(1).resolve("changes")).hasContent("AFTER!");
    }

    @Test
    void rotInAnOlderSnapshotIsFoundAndDoesNotSpread() throws IOException {
        Path first = sync(0);
        FileTime time = Files.getLastModifiedTime(first.resolve("changes"));
        Files.writeString(first.resolve("changes"), "b?fore");
        Files.setLastModifiedTime(first.resolve("changes"), time);
        assertThat(sync(1).resolve("changes")).hasContent("before");
        assertFails("files-differ", () -> shop.backups.check(id(0), "local", Progress.NONE));
        assertThat(shop.stateIn("local", id(0))).isEqualTo(State.QUARANTINED);
    }

    @Test
    void expiringOneSnapshotLeavesTheOtherWhole() throws IOException {
        Path first = sync(0);
        Files.writeString(source.resolve("changes"), "after!");
        sync(1);
        assertThat(shop.backups.expire(SERVICE, true).removed()).containsExactly(id(0));
        assertThat(first).exists();
        Backups.Expired expired = shop.backups.expire(SERVICE, false);
        assertThat(expired.removed()).containsExactly(id(0));
        assertThat(expired.kept()).isEqualTo(1);
        assertThat(first).doesNotExist();
        assertThat(shop.catalog.find(id(0))).isEmpty();
        shop.backups.check(id(1), "local", Progress.NONE);
        assertThat(shop.backups.expire(SERVICE, false).removed()).isEmpty();
    }

    @Test
    void theTarOffsiteUnpacksWithStockToolsToWhatTheFolderHeld() throws IOException {
        StockTools.requireAge();
        sync(0);
        shop.backups.copyOffsite(id(0), "offsite", Progress.NONE);
        Manifest copy = Manifests.read(shop.stores.byName("offsite"), id(0));
        assertThat(copy.parts()).extracting(Manifest.Part::role).containsExactlyInAnyOrder("tree", "listing");
        assertThat(shop.stateIn("offsite", id(0))).isEqualTo(State.VERIFIED);
        String key = copy.parts().stream().filter(p -> p.role().equals("tree")).findFirst().orElseThrow().key();
        Path download = s3.file("p" + folder.getFileName() + "/" + key).getParent();
        Path unpacked = folder.resolve("NEW");
        String script = String.join("\n", copy.howToDecode()).replace("KEY", shop.keyFile.toString()).replace("NEW", unpacked.toString())
                .replace("> listing.txt", "> /dev/null");
        var result = Command.of("bash", "-euo", "pipefail", "-c", script).withDirectory(download).run();
        assertThat(result.exit()).as(result.stderr()).isZero();
        assertThat(Measure.files(unpacked, null, Progress.NONE)).isEqualTo(copy.files());
    }

    @Test
    void anObjectStoreAsTheFirstStoreGetsASealedTar() {
        try (BackupFixture remote = fixture(s3.plan("cloud", "first" + folder.getFileName()))) {
            remote.backups.syncFiles(SERVICE, "uploads", id(0), Progress.NONE);
            remote.backups.check(id(0), "cloud", Progress.NONE);
            assertThat(remote.stateIn("cloud", id(0))).isEqualTo(State.VERIFIED);
            assertThat(Manifests.read(remote.stores.primary(), id(0)).files()).isEqualTo(Measure.files(source, null, Progress.NONE));
        }
    }

    @Test
    void theSameStepAgainFindsItsFinishedWork() throws IOException {
        Path first = sync(0);
        Files.writeString(source.resolve("changes"), "after!");
        assertThat(sync(0)).isEqualTo(first);
        assertThat(first.resolve("changes")).hasContent("before");
    }

    @Test
    void anAttemptThatDiedHalfWayIsNoBackupAndGoesOnceItIsOld() throws IOException {
        String orphan = "shop/" + id(0) + "/files.20260101T000000Z-0123abcd.tree";
        Files.createDirectories(((DirectoryStore) shop.stores.primary()).folder(orphan).resolve("half"));
        String young = "shop/" + id(1) + "/files." + io.firedrill.store.Keyspace.attempt(Instant.now()) + ".tree";
        Files.createDirectories(((DirectoryStore) shop.stores.primary()).folder(young));
        assertThat(shop.catalog.list(null)).isEmpty();
        sync(2);
        shop.backups.expire(SERVICE, false);
        assertThat(shop.stores.primary().head(orphan)).isEmpty();
        assertThat(shop.stores.primary().head(young)).isPresent();
        shop.backups.check(id(2), "local", Progress.NONE);
    }

    @Test
    void aFolderThatIsNotThereIsNamedAndNothingIsWritten() throws IOException {
        Files.move(source, folder.resolve("unmounted"));
        assertFails("source-missing", () -> shop.backups.syncFiles(SERVICE, "uploads", id(0), Progress.NONE));
        assertThat(shop.stores.primary().list("")).isEmpty();
    }

    @Test
    void rsyncsOwnTroubleIsNamed() throws IOException {
        assertFails("source-missing", () -> Rsync.mirror(folder.resolve("none"), folder.resolve("to"), null, Progress.NONE));
        Path small = Files.createDirectories(folder.resolve("small"));
        if (Command.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", small.toString()).run().succeeded()) {
            try {
                Files.write(source.resolve("big"), new byte[3_000_000]);
                assertFails("target-disk-full", () -> Rsync.mirror(source, small.resolve("to"), null, Progress.NONE));
            } finally {
                Command.of("umount", small.toString()).run();
            }
        }
    }

    private static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }
}
