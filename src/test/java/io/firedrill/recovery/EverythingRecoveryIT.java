package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.Measure;
import io.firedrill.proof.Proof;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifests;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database with one of everything, through the whole of a recovery. */
class EverythingRecoveryIT {
    /** 63 bytes, so that every name derived from it must be cut. */
    private static final String DB = "всё \"и\" ещё'Everything_there_is_in_a_database_of_long_na";

    private static final String DROP_ROLES = "drop role \"owner of \"\"things\"\"\", reader, granter, \"Ünïcode role\"";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private Scene scene;

    @TempDir
    private Path folder;

    @BeforeEach
    void everything() throws Exception {
        scene = new Scene(postgres, folder, DB);
        postgres.script("postgres", "/io/firedrill/proof/roles.sql");
        postgres.script(DB, "/io/firedrill/proof/anything.sql");
        postgres.script(DB, "/io/firedrill/proof/database-settings.sql");
    }

    @AfterEach
    void end() {
        scene.close();
        postgres.sql("postgres", DROP_ROLES);
    }

    private Proof recover() {
        RestorePlan what = scene.selectDatabase();
        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.restore(what);
        Proof proof = scene.recovery.proveDatabase(SERVICE, what.databases().get(0), Progress.NONE);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        return proof;
    }

    private void assertAsRecorded(BackupId backup) {
        DatabaseContents recorded = Manifests.read(scene.stores.primary(), backup).contents();
        DatabaseContents now = Measure.database(scene.db, null, 2, Progress.NONE);
        assertThat(now).usingRecursiveComparison().isEqualTo(recorded);
        assertThat(postgres.value(DB, "select datconnlimit from pg_database where datname = current_database()")).isEqualTo("40");
        assertThat(postgres.value(DB, "show work_mem")).isEqualTo("17MB");
        assertThat(postgres.value(DB, "show search_path")).isEqualTo("sales, public");
    }

    @Test
    void deletedRowsAndDroppedTablesComeBackWithAllElse() {
        BackupId backup = scene.dump();
        postgres.sql(DB, "set search_path = sales, public", "truncate orders", "drop table public.every_type cascade",
                "drop policy never on secrets", "select lo_unlink(70002)");
        Proof proof = recover();
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
        assertAsRecorded(backup);
    }

    @Test
    void rolesThatTheServerLacksComeBackToo() {
        BackupId backup = scene.dump();
        postgres.drop(DB);
        postgres.sql("postgres", DROP_ROLES);
        Proof proof = recover();
        assertThat(proof.differences()).isEmpty();
        assertAsRecorded(backup);
    }

    @Test
    void restoredTwiceAndDiscardedNothingIsLeft() {
        scene.dump();
        RestorePlan what = scene.selectDatabase();
        scene.restore(what);
        scene.restore(what);
        scene.recovery.discard(SERVICE, INCIDENT, what);
        assertThat(postgres.column("postgres", "select datname from pg_database where datname like '%restoring%'")).isEmpty();
    }
}
