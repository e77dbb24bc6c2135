package io.firedrill.recovery;

import io.firedrill.proof.Proof;
import io.firedrill.tool.Progress;
import java.time.Instant;
import java.util.List;

/**
 * One method per step of {@code disaster-recovery}, {@code restore-database}, {@code restore-files} and
 * {@code undo-recovery}. Every one may be called again with the same arguments, at once or after a crash half-way: it
 * detects finished work or redoes it; the damaged original is only ever renamed, never changed or removed.
 */
public interface Recovery {
    /** Lasting failure {@code no-unaffected-backup} when nothing qualifies, listing why each candidate was refused. */
    RestorePlan select(SelectRequest request);

    /** Ends sessions and refuses new ones on the databases to be replaced. */
    Fenced fence(String service, String incident, RestorePlan plan);

    /** Restores into the database named {@code beside}; an unfinished one of the same name is removed first. */
    RestoredDatabase restoreDatabase(String service, RestorePlan.DatabaseTarget target, Progress progress);

    /** Holds the restored database against its manifest; never throws for a difference. */
    Proof proveDatabase(String service, RestorePlan.DatabaseTarget target, Progress progress);

    RestoredFiles restoreFiles(String service, RestorePlan.FilesTarget target, Progress progress);

    Proof proveFiles(String service, RestorePlan.FilesTarget target, Progress progress);

    /** Swaps by rename: original → set aside, beside → original. Refused when anything beside is missing. */
    CutOver cutOver(String service, String incident, RestorePlan plan);

    /** The reverse: set aside → original; the restored one is kept under another name. */
    CutOver swapBack(String service, String incident, RestorePlan plan);

    /** Lets sessions in again, on whatever now bears the original name. */
    Instant unfence(String service, String incident, RestorePlan plan);

    /** Removes restored copies that were never cut over to. */
    void discard(String service, String incident, RestorePlan plan);

    /** Runs the plan's checks. {@code fenced}: SQL and command checks only, as applications are still locked out. */
    List<CheckResult> check(String service, boolean fenced);

    /** What the set-aside databases hold that the restored ones do not: rows written since the snapshot. */
    List<LostRows> measureLoss(String service, RestorePlan plan);

    record Fenced(Instant fencedAt, long sessionsEnded) {}

    record RestoredDatabase(String database, String beside, double seconds, long bytes) {}

    record RestoredFiles(String fileSet, String beside, double seconds, long files, long bytes) {}

    /** {@code awaySeconds}: between first and last rename. */
    record CutOver(Instant cutOverAt, double awaySeconds, List<Swap> swaps) {}

    /** {@code kind}: {@code database} or {@code files}; {@code setAsideBytes}: what the set-aside copy occupies. */
    record Swap(String kind, String name, String current, String setAside, long setAsideBytes) {}

    record CheckResult(String name, boolean passed, String detail) {}

    /** Rows inserted or updated after the snapshot, still in the set-aside database. */
    record LostRows(String database, String schema, String table, long rows) {}
}
