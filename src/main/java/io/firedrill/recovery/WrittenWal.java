package io.firedrill.recovery;

import io.firedrill.failure.FailureException;
import io.firedrill.physical.BaseBackups;
import io.firedrill.physical.RecoverableRange;
import io.firedrill.plan.Database;
import io.firedrill.tool.Lsn;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a server wrote last lies in a segment that is not full yet and so not archived; a recovery wants it all the same. */
final class WrittenWal {
    private static final int POLLS = 120;
    private static final long POLL_MILLIS = 250;

    private WrittenWal() {}

    /** As below, of a server whose WAL another tool archives: that tool does it. */
    static Optional<String> archive(Database kept) {
        try {
            BaseBackups.archiveWal(kept);
            return Optional.empty();
        } catch (FailureException e) {
            return Optional.of("What %s wrote last may not be archived yet: %s".formatted(kept.name(), e.failure().what()));
        }
    }

    /**
     * Ends the segment being written and gives its archiving a little time. A server that is down, a standby, or a user who
     * may not do that: then what is archived already counts.
     *
     * @param ranges what the archive reaches now, asked again and again
     * @return why the newest WAL may not be there; empty when it is
     */
    static Optional<String> archive(Database db, Supplier<List<RecoverableRange>> ranges) {
        Lsn written;
        try (Server server = Server.open(db)) {
            written = Lsn.parse(server.value("select pg_switch_wal()::text").orElseThrow());
        } catch (FailureException e) {
            return Optional.of("What %s wrote last may not be archived yet: %s".formatted(db.name(), e.failure().what()));
        }
        for (int poll = 0; poll < POLLS; poll++) {
            if (ranges.get().stream().anyMatch(range -> range.toLsn().compareTo(written) >= 0)) {
                return Optional.empty();
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return Optional.of("WAL of %s up to %s is not archived: what was written last cannot be brought back from it."
                .formatted(db.name(), written));
    }
}
