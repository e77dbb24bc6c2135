package io.firedrill.recovery;

import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseProof;
import io.firedrill.proof.FilesProof;
import io.firedrill.proof.Measure;
import io.firedrill.proof.Proof;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds what was restored against what its backup recorded: recovery, drill and break-glass by the same measure. */
final class Proving {
    static final int SESSIONS = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);

    private Proving() {}

    static Proof database(Database restored, Shelf shelf, Progress progress) {
        return DatabaseProof.compare(
                Objects.requireNonNull(shelf.manifest().contents(), "a logical backup has contents"),
                Measure.databaseWithInventory(restored, null, SESSIONS,
                        (what, done, total, unit) -> progress.at("proving " + what, done, total, unit)),
                shelf::inventory);
    }

    /** Against what the scratch server held that it was taken from. */
    static Proof database(Database restored, ScratchFolder noted, Progress progress) {
        return DatabaseProof.compare(
                noted.contents(),
                Measure.databaseWithInventory(restored, null, SESSIONS,
                        (what, done, total, unit) -> progress.at("proving " + what, done, total, unit)),
                noted::inventory);
    }

    /** {@code inside}: of the file set only that was restored; null: all of it. */
    static Proof files(Path restored, @Nullable String inside, Shelf shelf, Progress progress) {
        if (inside != null) {
            return FilesProof.compare(PartOfFiles.entries(shelf.listing(), inside),
                    PartOfFiles.entries(Measure.entries(restored, progress), inside), LocalPostgres.root());
        }
        return FilesProof.compare(shelf.listing(), Measure.entries(restored, progress), LocalPostgres.root());
    }
}
