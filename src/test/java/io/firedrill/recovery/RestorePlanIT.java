package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Check;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.store.Manifest.DatabaseSettings;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known and refused before anything moves, and where a drill restores to. */
class RestorePlanIT {
    private static final String DB = "planned";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private Scene scene;

    @TempDir
    private Path folder;

    @BeforeEach
    void backedUp() throws Exception {
        scene = new Scene(postgres, folder, DB, new Check.Sql("orders are there", "select count(*) = 7 from orders", "orders"));
        postgres.sql(DB, "create table orders (id int primary key)", "insert into orders select generate_series(1, 7)",
                "create extension pgcrypto");
        Files.writeString(scene.uploads.resolve("one.txt"), "first");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private RestorePlan everything() {
        return scene.select(List.of("orders"), List.of("uploads"), "latest", null);
    }

    @Test
    void thePlanSaysWhatWasLookedAtInSentences() {
        BackupId dump = scene.everythingOffsite().getFirst();
        RestorePlan plan = everything();
        assertThat(plan.preflights()).hasSize(2).allSatisfy(one -> {
            assertThat(one.readBytes()).isPositive();
            assertThat(one.neededBytes()).isPositive();
            assertThat(one.freeBytes()).isPositive();
        });
        String text = String.join("\n", RestorePlanText.of(plan));
        assertThat(text).contains("orders: from " + dump + " in store local", "1 tables and 7 rows come back", "pgcrypto ",
                "locale ", "PostgreSQL ", "needed in 127.0.0.1:" + postgres.server().port(), "Lost for the service", "Away for about",
                "a drill measures it", "uploads: 1 files come back");
        assertThat(RestorePlanText.markdown(plan)).contains("- orders: from shop-orders").doesNotContain("<");
    }

    @Test
    void backupsSealedForAKeyThatIsNotAtHandAreNotProposed() {
        scene.dump();
        Keys other = Keys.generate(scene.plan.file().resolveSibling("another.key"));
        BesideRecovery keyless = new BesideRecovery(scene.plan, scene.stores, other, scene.catalog, MeasuredRecoveries.NONE,
                scene.plan.file().resolveSibling("scratch"), scene.plan.file().resolveSibling("wal"), Clock.systemUTC());
        assertThat(assertFails("no-unaffected-backup", () -> keyless.select(new SelectRequest(
                        SERVICE, Scene.INCIDENT, List.of("orders"), List.of(), "latest", null, List.of(), scene.diagnose()))))
                .hasMessageContaining("whose key is not among the plan's");
    }

    @Test
    void theEstimateIsWhatADrillMeasuredWhenThereWasOne() {
        scene.everythingOffsite();
        long bytes = everything().databases().getFirst().bytes() + everything().fileSets().getFirst().bytes();
        BesideRecovery measured = new BesideRecovery(scene.plan, scene.stores, scene.keys, scene.catalog,
                service -> Optional.of(new MeasuredRecoveries.Took(bytes / 2, 60, "DRILL-1")),
                scene.plan.file().resolveSibling("scratch"), scene.plan.file().resolveSibling("wal"), Clock.systemUTC());
        RestorePlan plan = measured.select(new SelectRequest(
                SERVICE, "i-1", List.of("orders"), List.of("uploads"), "latest", null, List.of(), scene.diagnose()));
        assertThat(plan.estimatedSeconds()).isBetween(120L, 130L);
        assertThat(plan.estimatedFrom()).contains("DRILL-1");
    }

    @Test
    void aLocaleTheServerLacksIsRefusedBeforeAnythingMoves() {
        scene.everythingOffsite();
        Manifest manifest = Manifests.read(scene.stores.primary(), scene.selectDatabase().databases().stream()
                .map(target -> new BackupId(target.backup())).findFirst().orElseThrow());
        DatabaseFacts facts = manifest.database();
        DatabaseSettings s = facts.settings();
        DatabaseSettings klingon = new DatabaseSettings(s.owner(), s.encoding(), "tlh_QN.UTF-8", "tlh_QN.UTF-8", "c", null, null,
                s.tablespace(), s.connectionLimit(), s.isTemplate(), s.comment(), s.acl(), s.configuration());
        DatabaseFacts there = new DatabaseFacts(facts.dbname(), facts.serverVersion(), facts.serverVersionNum(), facts.systemIdentifier(),
                facts.timeline(), facts.lsn(), facts.snapshotXmax(), facts.databaseBytes(), klingon);
        Shelf shelf = Shelf.of(scene.stores.primary(), scene.keys, manifest);
        assertFails("missing-locale", () -> new DatabasePreflight(scene.db, there, shelf.inventory()).run(1));
        assertThat(new DatabasePreflight(scene.db, facts, shelf.inventory()).run(1).preflight().found())
                .anySatisfy(found -> assertThat(found).startsWith("locale"));
    }

    @Test
    void aDrillTakesTheOffsiteCopyIntoItsOwnServerAndNothingElse() throws Exception {
        List<BackupId> offsite = scene.everythingOffsite();
        scene.dump();
        Path scratchFolder = Files.createDirectories(folder.resolve("scratch"));
        Scratch scratch = new Scratch("127.0.0.1", postgres.server().port(), LocalPostgres.SUPERUSER,
                scene.db.passwordFile().orElseThrow().toString(), scratchFolder.toString());
        RestorePlan plan = scene.recovery.selectForDrill(SERVICE, "DRILL-20261123-084512-shop", scratch);

        assertThat(plan.databases().getFirst().backup()).isEqualTo(offsite.getFirst().value());
        assertThat(plan.databases().getFirst().store()).isEqualTo("offsite");
        assertThat(plan.databases().getFirst().scratch()).isEqualTo(scratch);
        assertThat(plan.fileSets().getFirst().beside()).startsWith(scratchFolder.toString());
        assertThat(plan.candidates()).anySatisfy(one -> assertThat(one.verdict()).isEqualTo("not-offsite"));
        scene.restore(plan);
        assertThat(scene.recovery.proveDatabase(SERVICE, plan.databases().getFirst(), Progress.NONE).differences()).isEmpty();
        assertThat(scene.recovery.proveFiles(SERVICE, plan.fileSets().getFirst(), Progress.NONE).proven()).isTrue();
        postgres.sql(DB, "truncate orders");
        assertThat(scene.recovery.checkDrill(SERVICE, plan)).singleElement()
                .satisfies(check -> assertThat(check.passed()).as("asks the restored copy").isTrue());
        postgres.drop(plan.databases().getFirst().beside());
    }

    @Test
    void aDrillWithoutAnOffsiteCopySaysSo() {
        scene.dump();
        Scratch scratch = new Scratch("127.0.0.1", postgres.server().port(), LocalPostgres.SUPERUSER,
                scene.db.passwordFile().orElseThrow().toString(), folder.toString());
        assertThat(assertFails("no-unaffected-backup", () -> scene.recovery.selectForDrill(SERVICE, "DRILL-1", scratch)))
                .hasMessageContaining("no checked copy offsite");
    }
}
