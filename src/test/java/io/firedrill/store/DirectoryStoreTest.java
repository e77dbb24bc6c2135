package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends StoreContract {
    @TempDir
    Path folder;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = new DirectoryStore("local", folder.resolve("backups"));
    }

    @Override
    Store store() {
        return store;
    }

    @Test
    void aKeyNeverLeadsOutOfTheFolder() {
        for (String key : new String[] {"../x", "a/../../x", "/etc/passwd", ""}) {
            org.assertj.core.api.Assertions.assertThatIllegalArgumentException().isThrownBy(() -> store.open(key));
        }
    }

    @Test
    void aFullDiskIsNamedAndNothingIsLeft() throws IOException {
        Assumptions.assumeTrue(LocalPostgres.root(), "only root can mount a small disk");
        Path small = Files.createDirectories(folder.resolve("small"));
        var mounted = Command.of("mount", "-t", "tmpfs", "-o", "size=2m", "none", small.toString()).run();
        Assumptions.assumeTrue(mounted.succeeded(), mounted.stderr());
        try {
            store = new DirectoryStore("local", small);
            put("good", new byte[100_000]);
            assertFails("store-full", false, () -> put("large", new byte[5_000_000]));
            assertThat(store.list("")).extracting(Store.StoredObject::key).containsExactly("good");
            try (var left = Files.list(small.resolve(DirectoryStore.UNFINISHED))) {
                assertThat(left).isEmpty();
            }
        } finally {
            Command.of("umount", small.toString()).run();
        }
    }

    @Test
    void whatDeadWritersLeftGoesOnceItIsOld() throws IOException {
        put("good", new byte[1]);
        Path unfinished = folder.resolve("backups").resolve(DirectoryStore.UNFINISHED);
        Path old = Files.write(unfinished.resolve("old"), new byte[10]);
        Path young = Files.write(unfinished.resolve("young"), new byte[10]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));
        store.removeUnfinished(Instant.now().minus(Duration.ofDays(7)));
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(store.head("good")).isPresent();
    }

    @Test
    void aSnapshotIsOneObjectAndRemovingItLeavesItsLinksElsewhereAlone() throws IOException {
        Path first = Files.createDirectories(store.folder("shop/one/files.a.tree/sub.tree").resolve("closed"));
        Path kept = Files.createDirectories(store.folder("shop/two/files.b.tree")).resolve("f");
        Files.writeString(first.resolve("f"), "content");
        Files.setPosixFilePermissions(first.resolve("f"), PosixFilePermissions.fromString("r--r-----"));
        Files.createLink(kept, first.resolve("f"));
        Files.setPosixFilePermissions(first, PosixFilePermissions.fromString("r-x------"));
        assertThat(store.list("shop/")).extracting(Store.StoredObject::key)
                .containsExactly("shop/one/files.a.tree", "shop/two/files.b.tree");
        assertThat(store.head("shop/one/files.a.tree")).isPresent();

        store.delete("shop/one/files.a.tree");

        assertThat(store.list("shop/")).extracting(Store.StoredObject::key).containsExactly("shop/two/files.b.tree");
        assertThat(kept).hasContent("content");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept))).isEqualTo("r--r-----");
        assertThat(folder.resolve("backups/shop/one")).doesNotExist();
    }

    @Test
    void anEmptyMountPointIsNotTakenForTheStoreThatWasThere() throws IOException {
        Path root = folder.resolve("backups");
        Path memory = folder.resolve("home/stores/local");
        store = new DirectoryStore("local", root, Optional.of(memory));
        store.requireReady();
        put("a/x", new byte[3]);
        Path unmounted = Files.move(root, folder.resolve("elsewhere"));
        Files.createDirectories(root);
        for (DirectoryStore same : List.of(store, new DirectoryStore("local", root, Optional.of(memory)))) {
            assertFails("store-not-mounted", true, () -> same.list(""));
            assertFails("store-not-mounted", true, () -> same.head("a/x"));
            assertFails("store-not-mounted", true, () -> same.open("a/x"));
            assertFails("store-not-mounted", true, () -> same.create("a/y"));
            assertFails("store-not-mounted", true, () -> same.folder("a/z.tree"));
            assertFails("store-not-mounted", true, same::requireReady);
        }
        try (var left = Files.list(root)) {
            assertThat(left).as("nothing was written into the mount point").isEmpty();
        }
        Files.delete(root);
        Files.move(unmounted, root);
        assertThat(store.list("")).containsExactly(new Store.StoredObject("a/x", 3));
    }

    @Test
    void anotherStoreInItsPlaceIsNamedToo() throws IOException {
        Path root = folder.resolve("backups");
        Path memory = folder.resolve("home/stores/local");
        store = new DirectoryStore("local", root, Optional.of(memory));
        put("a/x", new byte[3]);
        Files.move(root, folder.resolve("elsewhere"));
        store = new DirectoryStore("local", root);
        put("a/x", new byte[3]);
        assertFails("store-not-mounted", true, () -> new DirectoryStore("local", root, Optional.of(memory)).list(""));
        assertThat(new DirectoryStore("local", root, Optional.of(folder.resolve("other-host"))).list("")).hasSize(1);
    }
}
