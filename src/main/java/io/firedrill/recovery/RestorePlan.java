package io.firedrill.recovery;

import io.firedrill.plan.Database;
import io.firedrill.recovery.surgical.TableChange;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a recovery will do, decided before anything moves and shown to the approver.
 *
 * @param databases and {@code fileSets}, {@code servers} and {@code tables}: what will be restored; at least one in total
 * @param lostSeconds time between the oldest chosen snapshot and {@code plannedAt}: data from then on will not be in the
 *     restored copy (it stays in what is set aside)
 * @param estimatedSeconds how long the service is expected to be away: it is fenced from the approval until it is restored,
 *     proven and swapped in; {@code estimatedFrom} says what that rests on
 * @param preflights what each target was asked
 * @param tables single tables, put back into live databases, which are not fenced
 * @param candidates what was looked at and why it was taken or not, newest first
 * @param warnings what the approver should know, e.g. little free space
 */
public record RestorePlan(
        Instant plannedAt,
        List<DatabaseTarget> databases,
        List<FilesTarget> fileSets,
        List<TablesTarget> tables,
        long lostSeconds,
        long estimatedSeconds,
        String estimatedFrom,
        List<Preflight> preflights,
        List<Candidate> candidates,
        List<String> warnings,
        List<ServerTarget> servers) {

    public RestorePlan {
        servers = Objects.requireNonNullElse(servers, List.of());
        tables = Objects.requireNonNullElse(tables, List.of());
    }

    /** The same, with its tables compared. */
    RestorePlan with(List<TablesTarget> compared) {
        return new RestorePlan(plannedAt, databases, fileSets, compared, lostSeconds, estimatedSeconds, estimatedFrom, preflights, candidates,
                warnings, servers);
    }

    RestorePlan losing(long seconds) {
        return new RestorePlan(plannedAt, databases, fileSets, tables, seconds, estimatedSeconds, estimatedFrom, preflights, candidates, warnings,
                servers);
    }

    /** Nothing but single tables: the service stays up. */
    public boolean onlyTables() {
        return databases.isEmpty() && fileSets.isEmpty() && servers.isEmpty() && !tables.isEmpty();
    }

    /** The oldest moment that anything will be restored to; empty when nothing is restored. */
    public Optional<Instant> oldestSnapshot() {
        return Stream.of(
                        databases.stream().map(DatabaseTarget::snapshotAt), fileSets.stream().map(FilesTarget::snapshotAt),
                        tables.stream().map(target -> target.copy().snapshotAt()))
                .flatMap(moments -> moments)
                .min(Comparator.naturalOrder());
    }

    /**
     * @param database the plan's name; {@code dbname} the name on the server
     * @param store from which it will be read
     * @param beside name of the new database it is restored into
     * @param setAside name the damaged one gets at cut-over
     * @param snapshotAt the moment that comes back
     * @param tables and {@code rows}: as the backup recorded them; 0 with {@code pointInTime}: not known before
     * @param bytes of the dump, about
     * @param scratch the server of a drill; null: the service's own
     * @param pointInTime {@code backup} is a base backup and is brought to this moment by WAL; null: it is a dump
     */
    public record DatabaseTarget(
            String database,
            String dbname,
            String backup,
            String store,
            Instant snapshotAt,
            long tables,
            long rows,
            long bytes,
            String beside,
            String setAside,
            @Nullable Scratch scratch,
            @Nullable PointInTime pointInTime) {

        /** From a dump. */
        public DatabaseTarget(
                String database,
                String dbname,
                String backup,
                String store,
                Instant snapshotAt,
                long tables,
                long rows,
                long bytes,
                String beside,
                String setAside,
                @Nullable Scratch scratch) {
            this(database, dbname, backup, store, snapshotAt, tables, rows, bytes, beside, setAside, scratch, null);
        }

        /** From a dump, on the service's own server. */
        public DatabaseTarget(
                String database,
                String dbname,
                String backup,
                String store,
                Instant snapshotAt,
                long tables,
                long rows,
                long bytes,
                String beside,
                String setAside) {
            this(database, dbname, backup, store, snapshotAt, tables, rows, bytes, beside, setAside, null);
        }

        /** What the restored database bears: another incident restoring from the same backup makes another copy. */
        String mark() {
            return backup + " as " + beside;
        }

        /** Where the copy is made: the server with the user that may make it. */
        Database on(Database planned) {
            return scratch == null ? planned : scratch.database(database, dbname);
        }
    }

    /**
     * Tables of one database, taken from a scratch copy of it.
     *
     * @param database the plan's name
     * @param copy restored beside the live database and removed when the tables are back; its {@code setAside} is never used
     * @param sideSchema in the live database: keeps what is changed there, for undo
     * @param changes one per table; a plan that was not compared yet says less
     */
    public record TablesTarget(String database, DatabaseTarget copy, String sideSchema, List<TableChange> changes) {
        TablesTarget with(List<TableChange> compared) {
            return new TablesTarget(database, copy, sideSchema, compared);
        }
    }

    /**
     * Paths are absolute; {@code beside} and {@code setAside} are siblings of the file set, so that a rename swaps them.
     *
     * @param path what is replaced: the file set, or what is {@code inside} it
     * @param files and {@code bytes}: as the backup recorded them of what comes back
     * @param inside a folder or file of the file set, relative; {@code beside} holds it under the same relative path. Null: all
     */
    public record FilesTarget(
            String fileSet,
            String path,
            String backup,
            String store,
            Instant snapshotAt,
            long files,
            long bytes,
            String beside,
            String setAside,
            @Nullable String inside) {

        /** The whole file set. */
        public FilesTarget(
                String fileSet,
                String path,
                String backup,
                String store,
                Instant snapshotAt,
                long files,
                long bytes,
                String beside,
                String setAside) {
            this(fileSet, path, backup, store, snapshotAt, files, bytes, beside, setAside, null);
        }
    }

    /**
     * A whole server, with everything on it. Paths are absolute and siblings of {@code data}, so that a rename swaps them.
     *
     * @param server the plan's name of its first database, by which it is known
     * @param databases the plan's names of the service's databases on it
     * @param backup a base backup
     * @param snapshotAt the moment that comes back
     * @param bytes of its files
     * @param data the data directory
     * @param to how far WAL brings it
     */
    public record ServerTarget(
            String server,
            List<String> databases,
            String backup,
            String store,
            Instant snapshotAt,
            long bytes,
            String data,
            String beside,
            String setAside,
            PointInTime to) {}

    /**
     * {@code verdict}: {@code chosen}, {@code older}, {@code shows-damage}, {@code quarantined}, {@code unchecked},
     * {@code failed-before}, {@code after-target}, {@code no-key}, {@code not-offsite}; {@code loses-more}: it would do, but
     * another loses less. Of a base backup that is to be brought to a moment also {@code wal-missing}, {@code no-moment},
     * {@code wrong-version}, {@code no-room}, {@code no-password}.
     *
     * @param snapshotAt the moment that would come back
     * @param lostSeconds from then until {@code plannedAt}; null for what would not do
     * @param lostTransactions that began to write on the server since then, of all its databases; null: not known
     * @param estimatedSeconds restoring it would take; null for what would not do
     */
    public record Candidate(
            String backup,
            String source,
            @Nullable Instant snapshotAt,
            String verdict,
            String why,
            @Nullable Long lostSeconds,
            @Nullable Long lostTransactions,
            @Nullable Long estimatedSeconds) {

        /** One that would not do. */
        public Candidate(String backup, String source, @Nullable Instant snapshotAt, String verdict, String why) {
            this(backup, source, snapshotAt, verdict, why, null, null, null);
        }

        Candidate costing(long lostSeconds, @Nullable Long lostTransactions, long estimatedSeconds) {
            return new Candidate(backup, source, snapshotAt, verdict, why, lostSeconds, lostTransactions, estimatedSeconds);
        }
    }
}
