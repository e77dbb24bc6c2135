package io.firedrill.catalog;

import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A backup and what is known of it now.
 *
 * @param copies the stores it is in, primary first
 * @param state newest word on it
 */
public record CatalogEntry(Manifest manifest, List<Copy> copies, State state) {
    public enum State {
        /** Written, not read back yet. */
        UNCHECKED,
        /** Read back whole, every digest right. */
        VERIFIED,
        /** Failed a check or its source was damaged; never selected, never expired by itself. */
        QUARANTINED
    }

    /**
     * The legal hold on it, empty when nobody holds it. A hold in any store holds every copy: one store may have been
     * away when it was said, or released.
     */
    public Optional<Hold> hold() {
        return copies.stream().flatMap(copy -> Stream.ofNullable(copy.hold())).filter(Hold::held).findFirst();
    }

    /**
     * @param checkedAt when it was last read back from this store, or null
     * @param note why it is quarantined, or empty
     * @param hold what this store says of a legal hold, or null when it was never held
     */
    public record Copy(
            String store, State state, @Nullable Instant checkedAt, String note, @Nullable Hold hold) {

        /** One that was never held. */
        public Copy(String store, State state, @Nullable Instant checkedAt, String note) {
            this(store, state, checkedAt, note, null);
        }
    }
}
