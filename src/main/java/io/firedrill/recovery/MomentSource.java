package io.firedrill.recovery;

import io.firedrill.backup.SnapshotSession;
import io.firedrill.failure.Failure;
import io.firedrill.physical.BaseBackupRestore;
import io.firedrill.plan.Database;
import io.firedrill.proof.Inventory;
import io.firedrill.proof.Measure;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.store.Manifest;
import io.firedrill.tool.PgDump;
import io.firedrill.tool.PgDumpAll;
import io.firedrill.tool.Progress;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A database as it was at a moment, dumped out of a scratch server that was brought there. */
final class MomentSource implements DumpSource {
    /** Transactions looked at for not having committed when the recovery stopped; of those the newest are kept. */
    private static final int LOOKED_AT = 100_000;

    private static final int KEPT = 2_000;

    private final ScratchServer scratch;
    private final SnapshotSession session;
    private final Measure.Measured measured;
    private final Progress progress;

    private MomentSource(ScratchServer scratch, SnapshotSession session, Measure.Measured measured, Progress progress) {
        this.scratch = scratch;
        this.session = session;
        this.measured = measured;
        this.progress = progress;
    }

    /**
     * Brings the server back, measures the database and notes what was measured, so that the restored copy can be proven
     * when the scratch server is gone.
     */
    static MomentSource open(
            ScratchFolder folder, BaseBackupRestore restore, Manifest base, PointInTime to, Database planned, Progress progress) {
        folder.forget();
        ScratchServer scratch = ScratchServer.open(folder.server(), restore, base, to, planned, progress);
        try {
            SnapshotSession session = SnapshotSession.open(scratch.database());
            try {
                Measure.Measured measured =
                        Measure.databaseWithInventory(scratch.database(), session.snapshot(), Proving.SESSIONS, progress);
                requireBack(to, measured);
                folder.note(base, session, measured);
                return new MomentSource(scratch, session, measured, progress);
            } catch (RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    /** A base backup from after the damage shows it still; that is seen here, before anything takes its place. */
    private static void requireBack(PointInTime to, Measure.Measured measured) {
        to.stillMissing(measured.contents().tables()).ifPresent(what -> {
            throw new Failure("damage-restored", what, "That moment is after the damage; the damaged original is as it was.",
                            "Take the next candidate, or name an earlier moment.")
                    .lasting();
        });
    }

    @Override
    public DatabaseFacts facts() {
        return session.facts();
    }

    @Override
    public Inventory inventory() {
        return measured.inventory();
    }

    @Override
    public List<String> globals() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PgDumpAll.globals(scratch.database(), session.superuser(), text);
        return text.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public long dumpBytes() {
        return session.facts().databaseBytes();
    }

    @Override
    public void dump(OutputStream out) {
        PgDump.dump(scratch.database(), new PgDump.Wanted(session.snapshot(), session.encoding(), dumpBytes()), out, progress);
    }

    @Override
    public Map<String, String> notes() {
        return Map.of(Notes.NOT_RESTORED, notRestored());
    }

    private String notRestored() {
        long next = session.facts().snapshotXmax();
        StringBuilder text = new StringBuilder(String.valueOf(next));
        String sql = "select x from generate_series(greatest(3, %1$d - %2$d), %1$d - 1) x".formatted(next, LOOKED_AT)
                + " where txid_status(x) = 'aborted' order by x desc limit " + KEPT;
        try (Connection connection = PgConnections.open(scratch.database());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                text.append(' ').append(row.getLong(1));
            }
            return text.toString();
        } catch (SQLException e) {
            throw PgFailures.running(scratch.database(), e);
        }
    }

    @Override
    public void close() {
        session.close();
        scratch.close();
    }
}
