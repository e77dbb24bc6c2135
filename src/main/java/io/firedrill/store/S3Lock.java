package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.plan.StorePlan;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.paginators.ListObjectVersionsIterable;

/** Object lock: every object is given a date before which nobody can remove it. */
final class S3Lock {
    private final S3Store store;
    private final StorePlan.Lock rules;
    private final Clock clock;
    private volatile boolean supported;

    S3Lock(S3Store store, StorePlan.Lock rules, Clock clock) {
        this.store = store;
        this.rules = rules;
        this.clock = clock;
    }

    /** As S3 spells it. */
    String mode() {
        return rules.mode().name();
    }

    /** The retention date of what is written now; whole seconds, as some servers drop the rest. */
    Instant fromNow() {
        return clock.instant().plus(rules.time()).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    void requireSupportOnce() {
        if (!supported) {
            requireSupport();
            supported = true;
        }
    }

    /** Lasting failure {@code lock-unsupported}: better told before the first backup than found out after the attack. */
    void requireSupport() {
        store.told("", () -> {
            try {
                var answer = store.client().getObjectLockConfiguration(g -> g.bucket(store.bucket()));
                if (answer.objectLockConfiguration() == null
                        || answer.objectLockConfiguration().objectLockEnabled() != ObjectLockEnabled.ENABLED) {
                    throw unsupported("its object lock is not enabled", null);
                }
                return true;
            } catch (S3Exception e) {
                if (List.of(400, 404, 405, 501).contains(e.statusCode()) && !S3Trouble.noBucket(e)) {
                    throw unsupported("the server says: " + e.getMessage(), e);
                }
                throw e;
            }
        });
    }

    private RuntimeException unsupported(String why, @org.jspecify.annotations.Nullable Exception cause) {
        Failure failure = new Failure(
                "lock-unsupported",
                "Store %s (%s) cannot lock objects: %s.".formatted(store.name(), store.address(), why),
                "Nothing is written there, as nothing would keep it from being removed.",
                "Make a bucket with object lock enabled, or take 'lock' of this store out of the plan.");
        return cause == null ? failure.lasting() : failure.lasting(cause);
    }

    List<Store.StoredObject> list(String under) {
        return store.told(under, () -> oldest(under).values().stream()
                .map(version -> new Store.StoredObject(store.key(version.key()), version.size()))
                .sorted(Comparator.comparing(Store.StoredObject::key))
                .toList());
    }

    Optional<Store.StoredObject> head(String key) {
        return find(key).map(version -> new Store.StoredObject(key, version.size()));
    }

    Optional<String> etag(String key) {
        return find(key).map(ObjectVersion::eTag);
    }

    /** The version id to read; fails with {@code object-missing}. */
    String version(String key) {
        return find(key).map(ObjectVersion::versionId).orElseThrow(() ->
                Trouble.missing("%s in store %s (%s)".formatted(key, store.name(), store.address())).lasting());
    }

    private Optional<ObjectVersion> find(String key) {
        return store.told(key, () -> Optional.ofNullable(oldest(key).get(store.fullKey(key))));
    }

    /** By full key. Servers tell the versions of a key newest first. */
    private Map<String, ObjectVersion> oldest(String under) {
        Map<String, ObjectVersion> found = new LinkedHashMap<>();
        versions(under).versions().forEach(version -> found.put(version.key(), version));
        return found;
    }

    private ListObjectVersionsIterable versions(String under) {
        return store.client().listObjectVersionsPaginator(l -> l.bucket(store.bucket()).prefix(store.fullKey(under)));
    }

    Optional<Instant> until(String key) {
        return find(key).flatMap(version -> until(key, version.versionId()));
    }

    /** {@link Instant#MAX} under a legal hold. */
    private Optional<Instant> until(String key, String version) {
        HeadObjectResponse head = store.told(key, () -> store.client()
                .headObject(h -> h.bucket(store.bucket()).key(store.fullKey(key)).versionId(version)));
        if (head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON) {
            return Optional.of(Instant.MAX);
        }
        return Optional.ofNullable(head.objectLockRetainUntilDate()).filter(date -> date.isAfter(clock.instant()));
    }

    /**
     * After an object was written. INVARIANT: of two writers of one key the one whose version is the oldest wins, whether
     * or not the server knows conditional writes. And the lock is looked at: some servers (Ceph 16) forget that of an
     * upload in parts, and one that was begun long ago counts from then.
     */
    void settle(String key, String version) {
        if (!version(key).equals(version)) {
            throw Trouble.exists("%s in store %s (%s)".formatted(key, store.name(), store.address())).lasting();
        }
        if (until(key, version).filter(date -> date.isAfter(fromNow().minusSeconds(60))).isEmpty()) {
            extend(key, version, fromNow());
        }
    }

    void extend(String key, Instant until) {
        extend(key, version(key), until);
    }

    private void extend(String key, String version, Instant until) {
        if (until(key, version).filter(date -> !date.isBefore(until)).isEmpty()) {
            store.told(key, () -> store.client().putObjectRetention(p -> p.bucket(store.bucket())
                    .key(store.fullKey(key))
                    .versionId(version)
                    .retention(r -> r.mode(mode()).retainUntilDate(until.truncatedTo(ChronoUnit.SECONDS)))));
        }
    }

    /**
     * Removes it for good, together with what others put on top of it. Lasting failure {@code object-locked} while its
     * lock lasts; then all of it stays.
     */
    void delete(String key) {
        Optional<ObjectVersion> ours = find(key);
        ours.flatMap(version -> until(key, version.versionId())).ifPresent(date -> {
            throw locked(key, date);
        });
        store.told(key, () -> {
            ListObjectVersionsIterable all = versions(key);
            all.versions().stream().filter(v -> isAt(v.key(), key)).forEach(v -> remove(v.key(), v.versionId()));
            all.deleteMarkers().stream().filter(m -> isAt(m.key(), key)).forEach(m -> remove(m.key(), m.versionId()));
            return true;
        });
    }

    private boolean isAt(String fullKey, String key) {
        return fullKey.equals(store.fullKey(key));
    }

    private void remove(String fullKey, String version) {
        store.client().deleteObject(d -> d.bucket(store.bucket()).key(fullKey).versionId(version));
    }

    private RuntimeException locked(String key, Instant date) {
        String until = date.equals(Instant.MAX) ? "as long as its legal hold lasts" : "until " + date;
        return new Failure(
                        "object-locked",
                        "%s in store %s (%s) is locked %s.".formatted(key, store.name(), store.address(), until),
                        "It was not removed; the store keeps it that long, whoever asks.",
                        "Nothing needs to be done: the next expiry after that removes it.")
                .lasting();
    }
}
