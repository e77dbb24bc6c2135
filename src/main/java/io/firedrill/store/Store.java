package io.firedrill.store;

import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A place that keeps objects under keys ({@code /}-separated, no leading slash). Every object is written once and never
 * rewritten. All methods may be called from several threads and throw {@link io.firedrill.failure.FailureException}:
 * passing for network and 5xx trouble (after the implementation's own retries), lasting for refused credentials, missing
 * bucket, full disk.
 */
public interface Store extends AutoCloseable {
    /** The plan's name for it. */
    String name();

    /** For people: the folder or {@code s3://bucket/prefix}. */
    String address();

    /**
     * Begins an object. It becomes visible only by {@link ObjectSink#commit()}; closed without commit, nothing remains.
     * Committing a key that exists fails ({@code object-exists}) and leaves the old one.
     */
    ObjectSink create(String key);

    /**
     * As {@link #create} for an object of known length whose bytes are the same at every try: where the store can, what an
     * earlier try sent is not sent again, and closed without commit it stays for the next one
     * ({@link #removeUnfinished} takes it away at last).
     */
    default ObjectSink resume(String key, long bytes) {
        return create(key);
    }

    /** The caller closes it. A missing key is the lasting failure {@code object-missing}. */
    InputStream open(String key);

    Optional<StoredObject> head(String key);

    /** Every visible object whose key starts with the prefix, sorted by key. */
    List<StoredObject> list(String prefix);

    /** Removing what is not there is no error. A locked object stays: the lasting failure {@code object-locked}. */
    void delete(String key);

    /** Removes what writers that died left half-written before the given moment; visible objects are never touched. */
    void removeUnfinished(Instant startedBefore);

    /**
     * Looks whether the store is there and can do what the plan wants of it, changing nothing: lasting failures
     * {@code bucket-missing}, {@code store-refused}, {@code lock-unsupported}, {@code store-not-mounted}; passing
     * {@code store-unreachable}.
     */
    void requireReady();

    /** Until when the object cannot be removed; empty when it can be, or is not there. {@link Instant#MAX}: legal hold. */
    default Optional<Instant> lockedUntil(String key) {
        return Optional.empty();
    }

    /**
     * Makes the object's lock last at least until then, because a newer backup needs it; never shortens it. Does nothing
     * in a store without lock. A missing key fails with {@code object-missing}.
     */
    default void keepLocked(String key, Instant until) {}

    @Override
    void close();

    record StoredObject(String key, long bytes) {}
}
