package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.StoreCatalog;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.Database;
import io.firedrill.plan.EncryptionPlan;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A service {@code shop} with what a test gives it, its stores and everything that backs it up. */
final class BackupFixture implements AutoCloseable {
    static final String SERVICE = "shop";

    final RecoveryPlan plan;
    final Stores stores;
    final Keys keys;
    final Path keyFile;
    final Catalog catalog;
    final StoredBackups backups;

    BackupFixture(
            Path folder, List<Database> databases, List<FileSet> fileSets, List<BackupEntry> entries, Clock clock,
            StorePlan... stores) {
        this.keyFile = folder.resolve("backup.key");
        this.keys = Files.exists(keyFile) ? Keys.read(keyFile) : Keys.generate(keyFile);
        Map<String, Database> databasesByName = new LinkedHashMap<>();
        databases.forEach(db -> databasesByName.put(db.name(), db));
        Map<String, FileSet> fileSetsByName = new LinkedHashMap<>();
        fileSets.forEach(files -> fileSetsByName.put(files.name(), files));
        Map<String, StorePlan> storesByName = new LinkedHashMap<>();
        List.of(stores).forEach(store -> storesByName.put(store.name(), store));
        Service service = new Service(SERVICE, new Objectives(Duration.ofHours(24), Duration.ofHours(4)),
                databasesByName, fileSetsByName, List.of(), entries, Approvals.DEFAULT);
        this.plan = new RecoveryPlan(folder.resolve("recovery-plan.yaml"), "0".repeat(64), Map.of(SERVICE, service),
                storesByName, Optional.of(new EncryptionPlan(keyFile)), List.of(), new EnginePlan.Embedded(),
                new StatePlan.Embedded());
        this.stores = Stores.open(plan);
        this.catalog = RepositoryCatalog.over(new StoreCatalog(this.stores), plan, this.stores, clock);
        this.backups = new StoredBackups(plan, this.stores, keys, catalog, clock);
    }

    static StorePlan local(Path folder) {
        return new StorePlan.Directory("local", folder.resolve("backups"));
    }

    CatalogEntry.State stateIn(String store, io.firedrill.store.BackupId id) {
        return catalog.find(id).orElseThrow().copies().stream()
                .filter(copy -> copy.store().equals(store))
                .findFirst()
                .orElseThrow()
                .state();
    }

    static FailureException assertFails(String code, ThrowingCallable call) {
        FailureException failure = catchThrowableOfType(FailureException.class, call);
        assertThat(failure).as("nothing failed").isNotNull();
        assertThat(failure.failure().code()).as(failure.getMessage()).isEqualTo(code);
        return failure;
    }

    @Override
    public void close() {
        stores.close();
    }
}
