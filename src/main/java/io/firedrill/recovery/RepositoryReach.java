package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.failure.Failure;
import io.firedrill.physical.RepositoryWal;
import io.firedrill.plan.Database;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.RepositoryFacts;
import io.firedrill.tool.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Base backup and WAL in the repository of pgBackRest or Barman. What was written until now is taken to be archived there:
 * whoever chooses has had that done; PostgreSQL itself finds out when it replays, and then the next candidate is proposed.
 *
 * @param folder for a segment that is looked at
 */
record RepositoryReach(RepositoryFacts facts, Written written, RepositoryWal wal, Path folder) implements WalReach {

    /** Where the live server stands. */
    record Written(Lsn to, Instant at, int timeline, long segmentBytes, String systemIdentifier) {

        /**
         * Leaves a commit after this moment in the WAL, where the server takes writes: PostgreSQL stops at a moment only when
         * it meets a later commit.
         */
        static Written of(Database db) {
            try (Server server = Server.open(db)) {
                boolean standby = server.value("select pg_is_in_recovery()").orElseThrow().equals("t");
                Instant at = Instant.ofEpochMilli(Long.parseLong(
                        server.value("select floor(extract(epoch from clock_timestamp()) * 1000)::bigint").orElseThrow()));
                if (!standby) {
                    server.value("select txid_current()");
                }
                return new Written(
                        Lsn.parse(server.value(standby ? "select pg_last_wal_replay_lsn()" : "select pg_current_wal_insert_lsn()").orElseThrow()),
                        at,
                        Integer.parseInt(server.value("select timeline_id from pg_control_checkpoint()").orElseThrow()),
                        Long.parseLong(server.value("select setting from pg_settings where name = 'wal_segment_size'").orElseThrow()),
                        server.value("select system_identifier from pg_control_system()").orElseThrow());
            }
        }
    }

    static RepositoryReach of(Manifest base, Database db, Written written, Path home) {
        return new RepositoryReach(
                Objects.requireNonNull(base.repository(), "a backup in a repository"), written,
                RepositoryWal.of(db, written.timeline(), written.segmentBytes()), home);
    }

    @Override
    public int timeline() {
        return written.timeline();
    }

    @Override
    public Lsn from() {
        return Lsn.parse(facts.stopLsn());
    }

    @Override
    public boolean reaches(Instant moment) {
        return !moment.isBefore(facts.stoppedAt()) && !moment.isAfter(written.at());
    }

    @Override
    public boolean reaches(Lsn position) {
        return position.compareTo(from()) >= 0 && position.compareTo(written.to()) <= 0;
    }

    @Override
    public String words() {
        return "%s to %s (%s to %s) on timeline %d".formatted(
                facts.stoppedAt(), written.at(), from(), written.to(), written.timeline());
    }

    @Override
    public Instant commitBefore(Lsn position) {
        try {
            Files.createDirectories(folder);
            Path one = Files.createTempDirectory(folder, HarmfulTransaction.FOLDER);
            try {
                return wal.newestCommitBefore(position, one).filter(facts.stoppedAt()::isBefore).orElse(facts.stoppedAt());
            } finally {
                HarmfulTransaction.remove(one);
            }
        } catch (IOException e) {
            throw new Failure("scratch-unusable", "WAL cannot be looked at in %s: %s.".formatted(folder, e), "Nothing was changed.",
                            "Let the user that runs Firedrill write there, then try again.")
                    .lasting(e);
        }
    }

    /** The live server's: a tool may not tell. */
    @Override
    public String systemIdentifier() {
        return written.systemIdentifier();
    }

    @Override
    public Optional<HarmfulTransaction.Found> harm(Lsn from, List<Trace> traces, Path home) {
        return HarmfulTransaction.in(new Stretch(from), traces, home);
    }

    private final class Stretch implements HarmfulTransaction.Stretch {
        private final Lsn from;

        Stretch(Lsn from) {
            this.from = from;
        }

        @Override
        public int timeline() {
            return written.timeline();
        }

        @Override
        public long bytes() {
            return Math.max(0, written.to().value() - from.value()) + 2 * written.segmentBytes();
        }

        @Override
        public Optional<Read> into(Path folder) throws IOException {
            return wal.fetch(from, written.to(), folder).map(there ->
                    new Read(there.from().compareTo(from) > 0 ? there.from() : from, there.to()));
        }
    }

    /** Its own restore command brings one segment after the other, or, Barman's, all at once. */
    @Override
    public long scratchBytes(@Nullable Lsn to) {
        Lsn end = to == null ? written.to() : to;
        long behind = Math.max(0, end.value() - Lsn.parse(facts.startLsn()).value()) + 2 * written.segmentBytes();
        return facts.bytes() + 2 * behind;
    }

    @Override
    public long readBytes() {
        return facts.bytes() + Math.max(0, written.to().value() - Lsn.parse(facts.startLsn()).value());
    }
}
