package io.firedrill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.BackupKind;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.store.Verdict;
import io.firedrill.store.Verdicts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scan makes of everything that crashes, people and other programs leave in stores. */
class RescanLeftoversTest {
    private static final Instant AT = Instant.parse("2026-11-20T02:00:00Z");

    @TempDir
    Path folder;

    private Stores stores;
    private StoreCatalog catalog;

    @BeforeEach
    void open() {
        stores = Stores.of(List.of(store("local"), store("offsite")));
        catalog = new StoreCatalog(stores);
    }

    private Store store(String name) {
        return Stores.open(new StorePlan.Directory(name, folder.resolve(name)));
    }

    private Manifest backup(String store, int hour) {
        Instant at = AT.plusSeconds(3600L * hour);
        Manifest manifest = new Manifest(1, BackupId.of("shop", "uploads", "files", at), "shop", BackupKind.FILES, "uploads",
                at, at, at, null, null, new FileTreeContents(1, 1, 1, "d"), List.of(), List.of(), Map.of(), List.of());
        Manifests.write(stores.byName(store), manifest);
        return manifest;
    }

    private Path manifestFile(String store, Manifest manifest) {
        return folder.resolve(store).resolve("shop").resolve(manifest.id().value()).resolve("manifest.json");
    }

    private static void put(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @Test
    void onlyWholeBackupsAreListedWhateverLiesAround() throws IOException {
        Manifest good = backup("local", 0);
        Manifest quarantined = backup("local", 1);
        Verdicts.write(stores.byName("local"), quarantined, new Verdict(true, AT, ""));
        Verdicts.write(stores.byName("local"), quarantined, new Verdict(false, AT.plusSeconds(1), "a flipped bit"));
        Manifest offsiteOnly = backup("offsite", 2);
        Verdicts.write(stores.byName("offsite"), offsiteOnly, new Verdict(true, AT, ""));
        Manifest cut = backup("local", 3);
        String text = Files.readString(manifestFile("local", cut));
        Files.writeString(manifestFile("local", cut), text.substring(0, text.length() / 2));
        Manifest flipped = backup("local", 4);
        Files.writeString(manifestFile("local", flipped),
                Files.readString(manifestFile("local", flipped)).replace("\"bytes\" : 1", "\"bytes\" : 2"));
        Path local = folder.resolve("local");
        put(local.resolve("shop/shop-uploads-files-20261120T070000Z/tree.20261120T070000Z-01234567.tar.zst"), "no manifest");
        put(local.resolve("shop/shop-uploads-files-20261120T080000Z/checked.20261120T070000.000Z.json"), "{}");
        put(local.resolve("shop/shop-uploads-files-20261120T090000Z/manifest.json"), "");
        put(local.resolve("shop/shop-uploads-files-20261120T100000Z/manifest.json.tmp"), "half");
        put(local.resolve("shop/manifest.json"), "{}");
        put(local.resolve("manifest.json"), "{}");
        put(local.resolve(".unfinished/manifest.json"), "{}");
        put(local.resolve("lost+found/x"), "");
        put(local.resolve("shop/.nfs0001"), "");
        put(local.resolve("shop/" + good.id() + "/files.20261120T020000Z-01234567.tree/manifest.json"), "a customer's file");
        Files.createDirectories(local.resolve("shop/empty/manifest.json"));
        Files.createSymbolicLink(local.resolve("shop/loop"), local);

        assertThat(catalog.rescan()).isEqualTo(3);
        assertThat(catalog.list(null))
                .extracting(e -> e.manifest().id(), CatalogEntry::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(offsiteOnly.id(), CatalogEntry.State.VERIFIED),
                        org.assertj.core.groups.Tuple.tuple(quarantined.id(), CatalogEntry.State.QUARANTINED),
                        org.assertj.core.groups.Tuple.tuple(good.id(), CatalogEntry.State.UNCHECKED));
        assertThat(catalog.find(quarantined.id()).orElseThrow().copies().getFirst().note()).isEqualTo("a flipped bit");
    }

    @Test
    void aDamagedManifestInOneStoreDoesNotHideTheCopyInAnother() throws IOException {
        Manifest manifest = backup("local", 0);
        backup("offsite", 0);
        Files.writeString(manifestFile("local", manifest), "{}");
        assertThat(catalog.find(manifest.id()).orElseThrow().copies())
                .extracting(CatalogEntry.Copy::store)
                .containsExactly("offsite");
    }
}
