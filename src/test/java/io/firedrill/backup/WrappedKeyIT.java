package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.StoreCatalog;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.EncryptionPlan;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.PlayedKms;
import io.firedrill.store.StockTools;
import io.firedrill.store.Stores;
import io.firedrill.tool.Command;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups whose keys a key management service wraps. */
class WrappedKeyIT {
    @TempDir
    Path folder;

    private PlayedKms kms;
    private Path source;
    private Path keyFile;

    @BeforeEach
    void start() throws IOException {
        kms = new PlayedKms();
        source = Files.createDirectories(folder.resolve("source"));
        Files.writeString(source.resolve("a.txt"), "hello");
        keyFile = folder.resolve("backup.key");
        Keys.generate(keyFile);
    }

    @AfterEach
    void stop() {
        kms.close();
    }

    private record Shop(Stores stores, Keys keys, StoredBackups backups) {}

    private Shop shop(EncryptionPlan encryption) {
        Service service = new Service("shop", new Objectives(Duration.ofHours(24), Duration.ofHours(4)), Map.of(),
                Map.of("uploads", new FileSet("uploads", source)), List.of(), List.of(), Approvals.DEFAULT);
        Map<String, StorePlan> places = new java.util.LinkedHashMap<>();
        places.put("local", new StorePlan.Directory("local", folder.resolve("local")));
        places.put("offsite", new StorePlan.Directory("offsite", folder.resolve("offsite")));
        RecoveryPlan plan = new RecoveryPlan(folder.resolve("recovery-plan.yaml"), "0".repeat(64), Map.of("shop", service),
                places, Optional.of(encryption), List.of(), new EnginePlan.Embedded(), new StatePlan.Embedded());
        Stores stores = Stores.open(plan);
        Keys keys = Keys.of(plan);
        return new Shop(stores, keys, new StoredBackups(plan, stores, keys, new StoreCatalog(stores), Clock.systemUTC()));
    }

    private EncryptionPlan kmsAlone() throws IOException {
        return new EncryptionPlan(Optional.empty(), Optional.of(kms.plan(folder)));
    }

    private static BackupId take(Shop shop) {
        BackupId id = BackupId.of("shop", "uploads", "files", Instant.now());
        shop.backups().syncFiles("shop", "uploads", id, Progress.NONE);
        shop.backups().check(id, "local", Progress.NONE);
        shop.backups().copyOffsite(id, "offsite", Progress.NONE);
        return id;
    }

    @Test
    void aBackupIsSealedCopiedAndReadBackAfterARestartByTheServiceAlone() throws IOException {
        BackupId id = take(shop(kmsAlone()));
        Shop later = shop(kmsAlone());
        later.backups().check(id, "local", Progress.NONE);
        later.backups().check(id, "offsite", Progress.NONE);
        Manifest copy = Manifests.read(later.stores().byName("offsite"), id);
        assertThat(copy.parts()).extracting(Manifest.Part::role).containsExactlyInAnyOrder("key", "key", "listing", "tree");
        assertThat(copy.recipients()).hasSize(2);
        assertThat(kms.asked()).filteredOn("Encrypt"::equals).as("one key for each of two stores").hasSize(2);
    }

    @Test
    void theManifestsOwnLinesOpenItWithStockToolsAlone() throws IOException {
        StockTools.requireAge();
        StockTools.require("aws", "awscli");
        Shop shop = shop(kmsAlone());
        Manifest copy = Manifests.read(shop.stores().byName("offsite"), take(shop));
        Path objects = folder.resolve("offsite/shop").resolve(copy.id().value());
        for (String line : copy.howToDecode()) {
            String here = line.replace("aws kms", "aws --endpoint-url " + kms.endpoint() + " kms");
            var result = Command.of("bash", "-o", "pipefail", "-e", "-c", here)
                    .withDirectory(objects)
                    .withEnvironment(Map.of("AWS_ACCESS_KEY_ID", "any", "AWS_SECRET_ACCESS_KEY", "any"))
                    .run();
            assertThat(result.exit()).as(line + "\n" + result.stderr()).isZero();
        }
        assertThat(objects.resolve("NEW/a.txt")).hasContent("hello");
    }

    @Test
    void aWrappedKeyMovedToAnotherBackupDoesNotOpen() throws IOException {
        Shop shop = shop(kmsAlone());
        BackupId id = take(shop);
        Path from = folder.resolve("local/shop").resolve(id.value());
        BackupId other = new BackupId("shop-uploads-files-20200101T000000Z");
        Files.createDirectories(from.resolveSibling(other.value()));
        Manifest.Part listing = null;
        for (Manifest.Part part : Manifests.read(shop.stores().byName("local"), id).parts()) {
            if (!part.role().equals("folder")) {
                Path moved = folder.resolve("local").resolve(part.key().replace(id.value(), other.value()));
                Files.copy(folder.resolve("local").resolve(part.key()), moved);
                listing = part.role().equals("listing") ? part : listing;
            }
        }
        Manifest.Part moved = new Manifest.Part("listing", listing.key().replace(id.value(), other.value()),
                listing.plainBytes(), listing.plainSha256(), listing.storedBytes(), listing.storedSha256(), listing.encoding());
        BackupFixture.assertFails("kms-refused", () ->
                io.firedrill.store.SealedReader.open(shop.stores().byName("local"), moved, shop.keys()));
    }

    @Test
    void aServiceThatRefusesOrIsAwayIsNamedAndThereIsNoBackup() throws IOException {
        Shop shop = shop(kmsAlone());
        kms.refuse("AccessDeniedException");
        BackupFixture.assertFails("kms-refused", () -> take(shop));
        kms.close();
        assertThat(BackupFixture.assertFails("kms-unreachable", () -> take(shop)).passing()).isTrue();
        assertThat(Manifests.list(shop.stores().byName("local"), null)).isEmpty();
        kms = new PlayedKms();
    }

    @Test
    void withAKeyFileBesideEitherOpensEveryBackup() throws IOException {
        EncryptionPlan both = new EncryptionPlan(Optional.of(keyFile), Optional.of(kms.plan(folder)));
        BackupId id = take(shop(both));
        shop(kmsAlone()).backups().check(id, "offsite", Progress.NONE);
        shop(new EncryptionPlan(keyFile)).backups().check(id, "offsite", Progress.NONE);
        kms.refuse("DisabledException");
        shop(both).backups().check(id, "offsite", Progress.NONE);
    }

    @Test
    void aKeyFileThatDoesNotFitIsToldWhichOneWould() throws IOException {
        BackupId id = take(shop(new EncryptionPlan(keyFile)));
        Path other = folder.resolve("other.key");
        Keys.generate(other);
        Shop wrong = shop(new EncryptionPlan(other));
        var failure = BackupFixture.assertFails("wrong-key", () -> wrong.backups().check(id, "offsite", Progress.NONE));
        assertThat(failure.failure().what())
                .contains(Keys.read(keyFile).recipients().getFirst(), Keys.read(other).recipients().getFirst());
    }
}
