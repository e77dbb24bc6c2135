package io.firedrill.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.Service;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Stores;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The state database is real, goes away and comes back. */
class ResilientCatalogIT {
    private static final Instant DAY = Instant.parse("2026-11-23T02:00:00Z");

    @TempDir
    static Path server;

    @TempDir
    Path folder;

    private static LocalPostgres postgres;
    private static PGSimpleDataSource dataSource;
    private Stores stores;
    private Catalog catalog;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            postgres = new LocalPostgres(server.resolve("pg"), socket.getLocalPort());
        }
        postgres.create("secret", Map.of("fsync", "off", "shared_buffers", "16MB"));
        postgres.start();
        dataSource = new PGSimpleDataSource();
        dataSource.setURL("jdbc:postgresql://127.0.0.1:%d/postgres".formatted(postgres.port()));
        dataSource.setUser(LocalPostgres.SUPERUSER);
        dataSource.setPassword("secret");
    }

    private static final Service SHOP = new Service(
            "shop", Objectives.DEFAULT, Map.of(),
            Map.of("uploads", new FileSet("uploads", Path.of("/nowhere/uploads"))), List.of(), List.of(), Approvals.DEFAULT);

    @AfterAll
    static void stop() {
        postgres.stop();
    }

    @BeforeEach
    void open() {
        postgres.start();
        migrateFresh();
        Map<String, StorePlan> plans = new LinkedHashMap<>();
        plans.put("local", new StorePlan.Directory("local", folder.resolve("local")));
        plans.put("offsite", new StorePlan.Directory("offsite", folder.resolve("offsite")));
        stores = Stores.open(new RecoveryPlan(folder.resolve("plan"), "", Map.of("shop", SHOP), plans, Optional.empty(), List.of(),
                new EnginePlan.Embedded(), new StatePlan.Embedded()));
        catalog = fresh();
    }

    /** As after a restart of the program. */
    private Catalog fresh() {
        return new ResilientCatalog(dataSource, stores, Clock.fixed(DAY, ZoneOffset.UTC));
    }

    private static void migrateFresh() {
        Flyway flyway = Flyway.configure().dataSource(dataSource).schemas("firedrill").cleanDisabled(false).load();
        flyway.clean();
        // The audit trail has a schema of its own, which cleaning leaves.
        JdbcClient.create(dataSource).sql("drop schema if exists firedrill_audit cascade").update();
        flyway.migrate();
    }

    private Manifest written(int day, String... storeNames) {
        Instant at = DAY.plusSeconds(86_400L * day);
        Manifest manifest = new Manifest(1, BackupId.of("shop", "uploads", "files", at), "shop", BackupKind.FILES, "uploads",
                at, at, at, null, null, new FileTreeContents(1, 1, 1, "d"), List.of(), List.of(), Map.of(), List.of());
        for (String store : storeNames) {
            Manifests.write(stores.byName(store), manifest);
            catalog.record(manifest, new Copy(store, State.UNCHECKED, null, ""));
        }
        return manifest;
    }

    private void judged(Manifest manifest, String store, State state, int second) {
        catalog.record(manifest, new Copy(store, state, DAY.plusSeconds(second), state == State.QUARANTINED ? "rotten" : ""));
    }

    @Test
    void listsNewestFirstWithEveryCopyAndTheLatestWord() {
        Manifest old = written(0, "local", "offsite");
        Manifest young = written(1, "local");
        judged(old, "offsite", State.VERIFIED, 1);
        judged(young, "local", State.VERIFIED, 1);
        judged(young, "local", State.QUARANTINED, 2);
        List<CatalogEntry> list = catalog.list("shop");
        assertThat(list).extracting(CatalogEntry::manifest).containsExactly(young, old);
        assertThat(list).extracting(CatalogEntry::state).containsExactly(State.QUARANTINED, State.VERIFIED);
        assertThat(list.get(1).copies()).extracting(Copy::store).containsExactly("local", "offsite");
        assertThat(list.get(0).copies().get(0).note()).isEqualTo("rotten");
        assertThat(catalog.list("other")).isEmpty();
        assertThat(catalog.find(old.id())).contains(list.get(1));
    }

    @Test
    void withTheStateDatabaseAwayTheStoresGiveTheSameAnswer() {
        Manifest manifest = written(0, "local", "offsite");
        judged(manifest, "local", State.VERIFIED, 1);
        judged(manifest, "offsite", State.QUARANTINED, 1);
        List<CatalogEntry> before = catalog.list(null);
        postgres.stop();
        assertThat(catalog.list(null)).isEqualTo(before);
        assertThat(fresh().find(manifest.id())).contains(before.get(0));
    }

    @Test
    void whatHappensWhileItIsAwayIsThereWhenItIsBack() {
        written(0, "local");
        postgres.stop();
        Manifest meanwhile = written(1, "local");
        judged(meanwhile, "local", State.VERIFIED, 1);
        postgres.start();
        Catalog later = new ResilientCatalog(dataSource, stores, Clock.fixed(DAY.plusSeconds(60), ZoneOffset.UTC));
        assertThat(later.rescan()).isEqualTo(2);
        assertThat(later.list(null)).extracting(CatalogEntry::state).containsExactly(State.VERIFIED, State.UNCHECKED);
    }

    @Test
    void aLegalHoldIsKnownToBothAndSurvivesChecksAndALostStateDatabase() {
        Manifest manifest = written(0, "local", "offsite");
        Hold hold = new Hold(true, DAY.plusSeconds(5), "anna", "case 17");
        catalog.hold(manifest, "offsite", hold);
        judged(manifest, "offsite", State.VERIFIED, 7);
        assertThat(catalog.find(manifest.id()).flatMap(CatalogEntry::hold)).contains(hold);
        List<CatalogEntry> before = catalog.list(null);
        postgres.stop();
        assertThat(fresh().list(null)).isEqualTo(before);
        postgres.start();
        migrateFresh();
        assertThat(fresh().list(null)).isEqualTo(before);
        catalog.hold(manifest, "offsite", new Hold(false, DAY.plusSeconds(9), "ben", "closed"));
        assertThat(fresh().find(manifest.id()).flatMap(CatalogEntry::hold)).isEmpty();
    }

    @Test
    void aStateDatabaseLostForGoodIsFilledFromTheStores() {
        Manifest manifest = written(0, "local");
        judged(manifest, "local", State.VERIFIED, 1);
        List<CatalogEntry> before = catalog.list(null);
        migrateFresh();
        assertThat(fresh().list(null)).isEqualTo(before);
    }

    @Test
    void aRescanForgetsWhatIsGoneAndFindsWhatIsNew() {
        Manifest gone = written(0, "local");
        Manifest stays = written(1, "local", "offsite");
        catalog.list(null);
        Manifests.delete(stores.byName("local"), gone);
        Manifests.delete(stores.byName("offsite"), stays);
        assertThat(catalog.list(null)).hasSize(2);
        assertThat(catalog.rescan()).isEqualTo(1);
        assertThat(catalog.list(null)).singleElement().satisfies(entry -> {
            assertThat(entry.manifest()).isEqualTo(stays);
            assertThat(entry.copies()).extracting(Copy::store).containsExactly("local");
        });
    }

    @Test
    void theLastCopysGoingForgetsTheBackup() {
        Manifest manifest = written(0, "local", "offsite");
        Manifests.delete(stores.byName("local"), manifest);
        catalog.forget(manifest.id(), "local");
        assertThat(catalog.find(manifest.id()).orElseThrow().copies()).hasSize(1);
        Manifests.delete(stores.byName("offsite"), manifest);
        catalog.forget(manifest.id(), "offsite");
        assertThat(catalog.find(manifest.id())).isEmpty();
    }

    @Test
    void aDamagedManifestIsLeftOutAndTheOthersAreFound() throws IOException {
        Manifest good = written(0, "local");
        Manifest bad = written(1, "local");
        Path file = folder.resolve("local/shop/" + bad.id() + "/manifest.json");
        Files.writeString(file, Files.readString(file).replace("\"files\" : 1", "\"files\" : 2"));
        catalog.rescan();
        assertThat(catalog.list(null)).extracting(CatalogEntry::manifest).containsExactly(good);
    }
}
