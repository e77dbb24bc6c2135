package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.surgical.PutBack;
import io.firedrill.recovery.surgical.PutBackTable;
import io.firedrill.tool.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One method per step of {@code disaster-recovery}, {@code restore-database}, {@code restore-files} and
 * {@code undo-recovery}. Every one may be called again with the same arguments, at once or after a crash half-way: it
 * detects finished work or redoes it; the damaged original is only ever renamed, never changed or removed.
 */
public interface Recovery {
    /** What will be restored, by the way back and by what somebody asked for; failures as {@link Scope#of}. */
    Scope scope(String service, String strategy, @Nullable List<String> only, Evidence evidence);

    /** Checks names that somebody asked for, before anything is started; failures as {@link Scope#of}. */
    void requireKnown(String service, List<String> only);

    /**
     * The evidence with what a recovery knows of its ways: the newer rows that a damaged database would lose, and its single
     * tables as another way; never throws for what cannot be counted.
     */
    Evidence weigh(String service, Evidence evidence);

    /** Lasting failure {@code no-unaffected-backup} when nothing qualifies, listing why each candidate was refused. */
    RestorePlan select(SelectRequest request);

    /**
     * What a drill restores: the newest sound backup of everything the service has, from the offsite stores where there
     * are any, into a place made for it. Failures as {@link #select}.
     */
    RestorePlan selectForDrill(String service, String drill, Scratch scratch);

    /** The plan's SQL checks on the copies a drill restored; the others need the service itself and are left out. */
    List<CheckResult> checkDrill(String service, RestorePlan plan);

    /** Ends sessions and refuses new ones on the databases to be replaced. */
    Fenced fence(String service, String incident, RestorePlan plan);

    /** Restores into the database named {@code beside}; an unfinished one of the same name is removed first. */
    RestoredDatabase restoreDatabase(String service, RestorePlan.DatabaseTarget target, Progress progress);

    /** Holds the restored database against its manifest; never throws for a difference. */
    Proof proveDatabase(String service, RestorePlan.DatabaseTarget target, Progress progress);

    RestoredFiles restoreFiles(String service, RestorePlan.FilesTarget target, Progress progress);

    Proof proveFiles(String service, RestorePlan.FilesTarget target, Progress progress);

    /**
     * Restores a whole server beside its damaged data directory, with all WAL that can be had; it replays and stays open on a
     * private port. An unfinished one of the same name is removed first. Runs on the server's host.
     */
    ServerRestored restoreServer(String service, RestorePlan.ServerTarget target, Progress progress);

    /** Looks through the whole restored server and stops it; never throws for what it finds. Runs on the server's host. */
    Proof proveServer(String service, RestorePlan.ServerTarget target, Progress progress);

    /**
     * Stops the damaged server if it runs, swaps data directories by rename, starts the restored one. Refused when that was
     * not proven. Runs on the server's host.
     */
    ServerSwap cutOverServer(String service, RestorePlan.ServerTarget target);

    /** The reverse; a damaged server that did not run before need not start again. Runs on the server's host. */
    ServerSwap swapBackServer(String service, RestorePlan.ServerTarget target);

    /** Removes a restored server that was never cut over to. Runs on the server's host. */
    void discardServer(String service, RestorePlan.ServerTarget target);

    /**
     * Counts for every single table what of its scratch copy, which must be restored, the live one lacks; returns the plan
     * with that. Changes nothing in the live databases.
     */
    RestorePlan compareTables(String service, RestorePlan plan, Progress progress);

    /**
     * Puts single tables back, then swaps by rename: original → set aside, beside → original. Refused when anything beside
     * is missing. Lasting failures of the tables: {@code foreign-keys-broken}, {@code not-proven}, {@code table-gone}.
     */
    CutOver cutOver(String service, String incident, RestorePlan plan, PutBack.Wish wish, Progress progress);

    /** The same, where rows of single tables that differ stay as they are. */
    default CutOver cutOver(String service, String incident, RestorePlan plan) {
        return cutOver(service, incident, plan, new PutBack.Wish(false, false), Progress.NONE);
    }

    /**
     * The reverse: set aside → original; the restored one is kept under another name; rows put back are taken out again.
     * Lasting failure {@code rows-changed-since}, listing them.
     */
    CutOver swapBack(String service, String incident, RestorePlan plan);

    /** Lets sessions in again, on whatever now bears the original name. */
    Instant unfence(String service, String incident, RestorePlan plan);

    /** Removes restored copies that were never cut over to. */
    void discard(String service, String incident, RestorePlan plan);

    /**
     * Sees that each restored server has a verified base backup from after {@code since}, on its timeline, and that what it
     * writes is archived. Returns what was found, in words.
     *
     * @throws io.firedrill.failure.FailureException lasting {@code not-protected}, passing while WAL is on its way
     */
    String checkProtection(String service, RestorePlan plan, Instant since, Progress progress);

    /** Runs the plan's checks. {@code fenced}: SQL and command checks only, as applications are still locked out. */
    List<CheckResult> check(String service, boolean fenced);

    /** What the set-aside databases hold that the restored ones do not: rows written since the snapshot. */
    List<LostRows> measureLoss(String service, RestorePlan plan);

    /** {@code held}: what leads people there and was held up, in a few words each. */
    record Fenced(Instant fencedAt, long sessionsEnded, List<String> held) {}

    record RestoredDatabase(String database, String beside, double seconds, long bytes) {}

    record RestoredFiles(String fileSet, String beside, double seconds, long files, long bytes) {}

    /** {@code awaySeconds}: between first and last rename. */
    record CutOver(Instant cutOverAt, double awaySeconds, List<Swap> swaps, List<TableBack> tables) {
        /** With whole servers, which were away one after the other. */
        public CutOver and(List<ServerSwap> servers) {
            List<Swap> all = new ArrayList<>(servers.stream().map(ServerSwap::swap).toList());
            all.addAll(swaps);
            return new CutOver(cutOverAt, awaySeconds + servers.stream().mapToDouble(ServerSwap::awaySeconds).sum(), all, tables);
        }
    }

    /** {@code database}: the plan's name. */
    record TableBack(String database, String backup, PutBackTable done) {}

    /**
     * {@code kind}: {@code database}, {@code files}, {@code tables} or {@code server}; {@code setAsideBytes}: what the set-aside
     * copy occupies.
     */
    record Swap(String kind, String name, String current, String setAside, long setAsideBytes) {}

    /** {@code awaySeconds}: from the stop of the one until the other takes sessions. */
    record ServerSwap(Swap swap, double awaySeconds) {}

    record CheckResult(String name, boolean passed, String detail) {}

    /** Rows inserted or updated after the snapshot, still in the set-aside database. */
    record LostRows(String database, String schema, String table, long rows) {}
}
