package io.firedrill.physical;

import io.firedrill.store.Manifest.ClusterFacts;
import io.firedrill.tool.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The WAL that a base backup carries, and its {@code pg_control}, while they are read: of this cluster, and enough. */
final class CarriedWal {
    static final String FOLDER = "pg_wal/";
    static final int CONTROL_HEAD = 8;

    private final ClusterFacts facts;
    private final WalRecords wal = new WalRecords();
    private @Nullable WalName first;

    CarriedWal(ClusterFacts facts) {
        this.facts = facts;
    }

    /** @return whether the file is a segment, whose bytes come next */
    boolean begin(String path) {
        Optional<WalName> name = path.startsWith(FOLDER)
                ? WalName.parse(path.substring(FOLDER.length()), facts.walSegmentBytes())
                : Optional.empty();
        name.ifPresent(segment -> {
            first = first == null ? segment : first;
            wal.segment(segment);
        });
        return name.isPresent();
    }

    void bytes(byte[] buffer, int offset, int length) {
        wal.bytes(buffer, offset, length);
    }

    /** {@code head} of {@code global/pg_control} begins with the system identifier. */
    void requireSystem(byte[] head) {
        String found = Long.toUnsignedString(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong());
        if (!found.equals(facts.systemIdentifier())) {
            throw BackupManifest.damaged("pg_control is of system %s, not %s.".formatted(found, facts.systemIdentifier()));
        }
    }

    void requireEnough() {
        wal.trouble().ifPresent(trouble -> {
            throw BackupManifest.damaged("The WAL in the backup is damaged: %s.".formatted(trouble));
        });
        Lsn start = Lsn.parse(facts.startLsn());
        Lsn stop = Lsn.parse(facts.stopLsn());
        boolean fromStart = first != null && first.start().compareTo(start) <= 0;
        boolean toStop = wal.validTo().filter(end -> end.compareTo(stop) >= 0).isPresent();
        if (!fromStart || !toStop) {
            throw BackupManifest.damaged("The backup needs WAL from %s to %s; it holds %s to %s."
                    .formatted(start, stop, first == null ? "none" : first.start(), wal.validTo().map(Lsn::toString).orElse("nowhere")));
        }
    }
}
