package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.physical.RecoverableRange;
import io.firedrill.physical.RecoverableRanges;
import io.firedrill.physical.WalArchive;
import io.firedrill.physical.WalName;
import io.firedrill.physical.WalObject;
import io.firedrill.physical.WalSource;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.ClusterFacts;
import io.firedrill.store.Store;
import io.firedrill.tool.Lsn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Base backup and WAL in a store of ours, whose listing tells everything. */
record StoredReach(RecoverableRange range, WalArchive archive) implements WalReach {

    /** On the timeline that the server was last on: what lies on another was given up when it was left. */
    static Optional<WalReach> of(Manifest base, Store store, Keys keys, WalSource source) {
        return RecoverableRanges.of(store, keys, source, List.of(base)).stream()
                .max(Comparator.comparingInt(RecoverableRange::timeline))
                .map(range -> new StoredReach(range, new WalArchive(store, keys, source)));
    }

    private ClusterFacts facts() {
        return Objects.requireNonNull(range.base().cluster(), "a physical backup");
    }

    @Override
    public int timeline() {
        return range.timeline();
    }

    @Override
    public Lsn from() {
        return range.fromLsn();
    }

    @Override
    public boolean reaches(Instant moment) {
        return range.reaches(moment);
    }

    @Override
    public boolean reaches(Lsn position) {
        return range.reaches(position);
    }

    @Override
    public String words() {
        return "%s to %s (%s to %s) on timeline %d. %s".formatted(
                        range.from(), range.to(), range.fromLsn(), range.toLsn(), range.timeline(), range.gap())
                .strip();
    }

    @Override
    public Instant commitBefore(Lsn position) {
        return range.wal().stream()
                .filter(object -> name(object).filter(name -> name.end().compareTo(position) <= 0).isPresent())
                .flatMap(object -> object.newest().stream())
                .max(Comparator.naturalOrder())
                .orElse(range.from());
    }

    private Optional<WalName> name(WalObject object) {
        return WalName.parse(object.name(), facts().walSegmentBytes());
    }

    @Override
    public String systemIdentifier() {
        return facts().systemIdentifier();
    }

    @Override
    public Optional<HarmfulTransaction.Found> harm(Lsn from, List<Trace> traces, Path home) {
        List<WalObject> needed = range.wal().stream()
                .filter(object -> name(object)
                        .filter(name -> name.timeline() == range.timeline() && name.end().compareTo(from) > 0)
                        .isPresent())
                .toList();
        return needed.isEmpty() ? Optional.empty() : HarmfulTransaction.in(new Stretch(needed, from), traces, home);
    }

    private final class Stretch implements HarmfulTransaction.Stretch {
        private final List<WalObject> needed;
        private final Lsn from;

        Stretch(List<WalObject> needed, Lsn from) {
            this.needed = needed;
            this.from = from;
        }

        @Override
        public int timeline() {
            return range.timeline();
        }

        @Override
        public long bytes() {
            return needed.size() * facts().walSegmentBytes();
        }

        @Override
        public Optional<Read> into(Path folder) throws IOException {
            for (WalObject object : needed) {
                try (InputStream in = archive.open(object)) {
                    Files.copy(in, folder.resolve(object.name()));
                }
            }
            Lsn start = name(needed.getFirst()).orElseThrow().start();
            return Optional.of(new Read(start.compareTo(from) > 0 ? start : from, range.toLsn()));
        }
    }

    /** WAL lies there twice: as fetched, and as the server replays it. */
    @Override
    public long scratchBytes(@Nullable Lsn to) {
        Lsn end = to == null ? range.toLsn() : to;
        long wal = Math.max(0, end.value() - Lsn.parse(facts().startLsn()).value()) + 2 * facts().walSegmentBytes();
        return facts().clusterBytes() + 2 * wal;
    }

    @Override
    public long readBytes() {
        return range.base().storedBytes() + range.wal().stream().mapToLong(WalObject::storedBytes).sum();
    }
}
