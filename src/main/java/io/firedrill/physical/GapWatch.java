package io.firedrill.physical;

import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the newest base backup and the WAL after it join, by what lies in the primary store. */
final class GapWatch {
    private final WalSource source;
    private final Stores stores;
    private final Keys keys;
    private volatile @Nullable String gap;
    private volatile @Nullable String lost;
    private volatile @Nullable String baseThen;

    GapWatch(WalSource source, Stores stores, Keys keys) {
        this.source = source;
        this.stores = stores;
        this.keys = keys;
    }

    /** Null: none. */
    @Nullable String gap() {
        return gap;
    }

    /** WAL went that no listing shows yet; only a newer base backup cures it. */
    void lost(String why) {
        baseThen = newest(ranges());
        lost = why;
        gap = why;
    }

    void look() {
        List<RecoverableRange> ranges = ranges();
        if (lost != null && !newest(ranges).equals(baseThen)) {
            lost = null;
        }
        String found = ranges.stream()
                .filter(range -> range.base().id().value().equals(newest(ranges)))
                .map(RecoverableRange::gap)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(null);
        gap = found != null ? found : lost;
    }

    private List<RecoverableRange> ranges() {
        return RecoverableRanges.of(stores.primary(), keys, source);
    }

    private static String newest(List<RecoverableRange> ranges) {
        return ranges.isEmpty() ? "" : ranges.get(0).base().id().value();
    }
}
