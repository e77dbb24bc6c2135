package io.firedrill.catalog;

import io.firedrill.store.Manifest;
import java.time.Instant;
import java.util.List;

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
     * @param checkedAt when it was last read back from this store, or null
     * @param note why it is quarantined, or empty
     */
    public record Copy(String store, State state, @org.jspecify.annotations.Nullable Instant checkedAt, String note) {}
}
