package io.firedrill.tool;

import io.firedrill.plan.Repository;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that already takes a PostgreSQL server's base backups and WAL into a repository of its own. It stays the
 * master of that repository: retention, compression and encryption are as its own configuration says.
 */
public sealed interface PhysicalTool permits PgBackRest, Barman {

    static PhysicalTool of(Repository repository) {
        return switch (repository.tool()) {
            case PGBACKREST -> new PgBackRest(repository.name(), repository.config(), repository.user());
            case BARMAN -> new Barman(repository.name(), repository.config(), repository.user());
        };
    }

    /** Its name and the stanza or server: for messages and as the name of its repository. */
    String name();

    /** Whom it runs as; empty for Firedrill's own user. */
    String user();

    /** What it has, oldest first; also what was taken without Firedrill, and what is not whole yet or failed. */
    List<Held> backups();

    /**
     * Takes one and waits until its WAL is archived.
     *
     * @param incremental take only what changed, where the tool can and an earlier backup is there
     * @param name kept with the backup, so that {@link Held#name} tells it; letters, digits, dashes, dots, underscores
     * @return the one that was taken
     */
    Held take(boolean incremental, String name);

    /**
     * Reads one back as the tool does: every file against its recorded checksum.
     *
     * @return why it is no good; null when it is good
     * @throws io.firedrill.failure.FailureException when the tool cannot tell
     */
    @Nullable String verify(String label);

    /** Removes what its own retention does not keep. */
    void expire();

    /**
     * Has the running server end its WAL segment and waits until it is archived, so that every transaction committed
     * before can be restored.
     */
    void archiveWal();

    /**
     * Brings one archived WAL segment or timeline history back.
     *
     * @param name PostgreSQL's, e.g. {@code 000000010000000000000003}
     * @param into a folder that the tool's user can write to; the file is there, as a whole, only when it is archived
     * @return whether it is
     */
    boolean fetchWal(String name, Path into);

    /**
     * Lays a data directory, with the tool's own {@code restore_command} and the target in its configuration, so that a
     * server started on it recovers to the target and is then writable. It does not start one.
     *
     * @param into an empty or missing folder, which the tool's user can write to
     * @param tablespaces a folder as {@code into}, where all tablespaces go, each under its own name or number
     */
    void restore(String label, Path into, Path tablespaces, RecoveryTarget target);

    /** How a backup stands, by what its own tool says. */
    enum State {
        /** It runs, waits for its WAL, or was given up. */
        UNFINISHED,
        WHOLE,
        /** The tool found damage in the server's own files when it took it. */
        DAMAGED
    }

    /**
     * One backup in the tool's repository.
     *
     * @param label the tool's own name of it
     * @param name what it was called when it was taken; empty: nothing
     * @param full false when it needs {@code needs}
     * @param needs labels of the backups that it builds upon
     * @param startedAt and {@code stoppedAt}: by the clock of the tool's host, whole seconds
     * @param from WAL position where recovery from it begins; {@code to} where it is consistent
     * @param bytes of the data directory; {@code storedBytes} of this backup in the repository
     * @param systemIdentifier of the server, or 0 when the tool does not tell
     * @param majorVersion of PostgreSQL
     */
    record Held(
            String label,
            String name,
            boolean full,
            List<String> needs,
            Instant startedAt,
            Instant stoppedAt,
            Lsn from,
            Lsn to,
            long timeline,
            long bytes,
            long storedBytes,
            long systemIdentifier,
            int majorVersion,
            State state) {

        public boolean good() {
            return state == State.WHOLE;
        }
    }
}
