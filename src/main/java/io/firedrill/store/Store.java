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

    /** The caller closes it. A missing key is the lasting failure {@code object-missing}. */
    InputStream open(String key);

    Optional<StoredObject> head(String key);

    /** Every visible object whose key starts with the prefix, sorted by key. */
    List<StoredObject> list(String prefix);

    /** Removing what is not there is no error. */
    void delete(String key);

    /** Removes what writers that died left half-written before the given moment; visible objects are never touched. */
    void removeUnfinished(Instant startedBefore);

    @Override
    void close();

    record StoredObject(String key, long bytes) {}
}
