package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.StoreCatalog;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.diagnosis.Probes;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.Measure;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The site is gone: an empty server, no folder, an empty store; the offsite store, the plan and the key are what is left. */
class NewSiteRecoveryIT {
    private static final String DB = "new site shop";
    private static final String ROLE = "new site clerk";

    @TempDir
    private Path folder;

    @Test
    void everythingComesBackOntoEmptyHostsFromTheOffsiteStoreAlone() throws Exception {
        ThrowawayPostgres old = ThrowawayPostgres.shared();
        ThrowawayPostgres fresh = ThrowawayPostgres.start();
        old.sql("postgres", "drop role if exists \"" + ROLE + "\"", "create role \"" + ROLE + "\" login");
        try (Scene scene = new Scene(old, folder.resolve("old"), DB)) {
            old.sql(DB, "create table orders (id int generated always as identity primary key, note text)",
                    "insert into orders (note) select 'note ' || g from generate_series(1, 500) g",
                    "alter table orders owner to \"" + ROLE + "\"", "alter database \"" + DB + "\" set work_mem = '17MB'",
                    "select lo_from_bytea(70001, 'a picture')");
            Files.writeString(scene.uploads.resolve("photo"), "a photo");
            scene.everythingOffsite();
            DatabaseContents had = Measure.database(scene.db, null, 2, Progress.NONE);

            RecoveryPlan plan = elsewhere(scene, fresh);
            try (Stores stores = Stores.open(plan)) {
                Keys keys = Keys.read(scene.keyFile());
                StoreCatalog catalog = new StoreCatalog(stores);
                Evidence evidence = new Probes(plan, stores, keys, catalog, Clock.systemUTC()).collect(SERVICE, Progress.NONE);
                BesideRecovery recovery = new BesideRecovery(plan, stores, keys, catalog, MeasuredRecoveries.NONE, folder.resolve("scratch"),
                        folder.resolve("wal"), Clock.systemUTC());
                Scope scope = recovery.scope(SERVICE, "restore-all", null, evidence);
                RestorePlan what = recovery.select(SelectRequest.of(scope, SERVICE, INCIDENT, "latest", null, List.of(), evidence));
                assertThat(what.databases()).extracting(DatabaseTarget::store).containsExactly("offsite");
                assertThat(what.fileSets()).extracting(FilesTarget::store).containsExactly("offsite");
                assertThat(what.warnings()).anySatisfy(warning -> assertThat(warning).contains("is not there any more"));

                recovery.fence(SERVICE, INCIDENT, what);
                what.databases().forEach(target -> recovery.restoreDatabase(SERVICE, target, Progress.NONE));
                what.fileSets().forEach(target -> recovery.restoreFiles(SERVICE, target, Progress.NONE));
                assertThat(recovery.proveDatabase(SERVICE, what.databases().getFirst(), Progress.NONE).differences()).isEmpty();
                assertThat(recovery.proveFiles(SERVICE, what.fileSets().getFirst(), Progress.NONE).differences()).isEmpty();
                recovery.cutOver(SERVICE, INCIDENT, what);
                recovery.unfence(SERVICE, INCIDENT, what);
            }
            assertThat(Measure.database(fresh.database("orders", DB), null, 2, Progress.NONE)).usingRecursiveComparison().isEqualTo(had);
            assertThat(fresh.value(DB, "show work_mem")).isEqualTo("17MB");
            assertThat(fresh.value("postgres", "select rolcanlogin from pg_roles where rolname = '" + ROLE + "'")).isEqualTo("t");
            assertThat(folder.resolve("new/uploads/photo")).hasContent("a photo");
        } finally {
            fresh.remove();
            old.sql("postgres", "drop role \"" + ROLE + "\"");
        }
    }

    /** The same plan with the new hosts' addresses in it. */
    private RecoveryPlan elsewhere(Scene scene, ThrowawayPostgres fresh) throws Exception {
        Files.createDirectories(folder.resolve("new"));
        Service service = scene.plan.service(SERVICE);
        Map<String, StorePlan> stores = new LinkedHashMap<>(scene.plan.stores());
        stores.put("local", new StorePlan.Directory("local", folder.resolve("new/local")));
        return new RecoveryPlan(scene.plan.file(), scene.plan.digest(), Map.of(SERVICE, new Service(SERVICE, service.objectives(),
                        Map.of("orders", fresh.database("orders", DB)), Map.of("uploads", new FileSet("uploads", folder.resolve("new/uploads"))),
                        service.checks(), List.of(), service.approvals())),
                stores, scene.plan.encryption(), List.of(), scene.plan.engine(), scene.plan.state());
    }
}
