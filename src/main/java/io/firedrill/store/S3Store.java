package io.firedrill.store;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.StorePlan;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Objects in an S3-compatible bucket, by the calls that every such server knows. With a lock, the bucket keeps versions,
 * and an object is its oldest version: it was written once, so whatever came later (a version on top, a delete marker) is
 * somebody else's doing and hides nothing.
 */
final class S3Store implements Store {
    private final S3Place place;
    private final S3Client client;
    private final Patience patience;
    private final Optional<S3Lock> lock;

    S3Store(S3Place place, S3Client client, Patience patience) {
        this.place = place;
        this.client = client;
        this.patience = patience;
        this.lock = place.lock().map(rules -> new S3Lock(this, rules, Clock.systemUTC()));
    }

    static S3Store open(StorePlan.S3 plan) {
        return open(plan, S3Clients.ANSWER_WITHIN, Patience.DEFAULT);
    }

    static S3Store open(StorePlan.S3 plan, Duration answerWithin, Patience patience) {
        return new S3Store(S3Place.of(plan), S3Clients.open(plan, answerWithin), patience);
    }

    static S3Store open(StorePlan.Gcs plan) {
        return new S3Store(S3Place.of(plan), S3Clients.open(plan), Patience.DEFAULT);
    }

    @Override
    public String name() {
        return place.name();
    }

    @Override
    public String address() {
        return place.address();
    }

    String bucket() {
        return place.bucket();
    }

    String fullKey(String key) {
        return place.prefix() + key;
    }

    S3Client client() {
        return client;
    }

    @Override
    public void requireReady() {
        told("", () -> client.headBucket(h -> h.bucket(bucket())));
        lock.ifPresent(S3Lock::requireSupport);
    }

    @Override
    public ObjectSink create(String key) {
        lock.ifPresent(S3Lock::requireSupportOnce);
        return new S3Sink(this, key, PartSizes.growing(), PartBuffer.IN_MEMORY, false);
    }

    @Override
    public ObjectSink resume(String key, long bytes) {
        lock.ifPresent(S3Lock::requireSupportOnce);
        return new S3Sink(this, key, PartSizes.forLength(bytes), PartBuffer.IN_MEMORY, true);
    }

    @Override
    public InputStream open(String key) {
        return S3Reader.open(this, key, lock.map(l -> l.version(key)), patience);
    }

    @Override
    public Optional<StoredObject> head(String key) {
        if (lock.isPresent()) {
            return lock.get().head(key);
        }
        return told(key, () -> {
            try {
                HeadObjectResponse head = client.headObject(h -> h.bucket(bucket()).key(fullKey(key)));
                return Optional.of(new StoredObject(key, head.contentLength()));
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public List<StoredObject> list(String under) {
        if (lock.isPresent()) {
            return lock.get().list(under);
        }
        return told(under, () -> client.listObjectsV2Paginator(l -> l.bucket(bucket()).prefix(fullKey(under)))
                .contents()
                .stream()
                .map(object -> new StoredObject(key(object.key()), object.size()))
                .sorted(Comparator.comparing(StoredObject::key))
                .toList());
    }

    String key(String fullKey) {
        return fullKey.substring(place.prefix().length());
    }

    @Override
    public void delete(String key) {
        lock.ifPresentOrElse(
                l -> l.delete(key),
                () -> told(key, () -> client.deleteObject(d -> d.bucket(bucket()).key(fullKey(key)))));
    }

    @Override
    public Optional<Instant> lockedUntil(String key) {
        return lock.flatMap(l -> l.until(key));
    }

    @Override
    public void keepLocked(String key, Instant until) {
        lock.ifPresent(l -> l.extend(key, until));
    }

    @Override
    public void removeUnfinished(Instant startedBefore) {
        told("", () -> {
            client.listMultipartUploadsPaginator(l -> l.bucket(bucket()).prefix(place.prefix())).uploads().stream()
                    .filter(upload -> upload.initiated() != null && upload.initiated().isBefore(startedBefore))
                    .forEach(upload -> abort(upload.key(), upload.uploadId()));
            return true;
        });
    }

    void abort(String fullKey, String uploadId) {
        client.abortMultipartUpload(a -> a.bucket(bucket()).key(fullKey).uploadId(uploadId));
    }

    List<MultipartUpload> begunUploads(String key) {
        return client.listMultipartUploadsPaginator(l -> l.bucket(bucket()).prefix(fullKey(key))).uploads().stream()
                .filter(upload -> upload.key().equals(fullKey(key)))
                .toList();
    }

    List<Part> sentParts(String key, String uploadId) {
        return client.listPartsPaginator(l -> l.bucket(bucket()).key(fullKey(key)).uploadId(uploadId)).parts().stream()
                .toList();
    }

    String beginUpload(String key) {
        var request = CreateMultipartUploadRequest.builder().bucket(bucket()).key(fullKey(key));
        place.sse().ifPresent(sse -> request.serverSideEncryption(sse.algorithm())
                .ssekmsKeyId(sse.keyId().orElse(null)));
        lock.ifPresent(l -> request.objectLockMode(l.mode()).objectLockRetainUntilDate(l.fromNow()));
        return client.createMultipartUpload(request.build()).uploadId();
    }

    boolean put(String key, PartBuffer content) {
        byte[] md5 = content.md5();
        boolean look = !place.conditional() || lock.isPresent();
        if (look && alreadyWritten(key, Etags.of(md5))) {
            return true;
        }
        var request = PutObjectRequest.builder()
                .bucket(bucket())
                .key(fullKey(key))
                .ifNoneMatch(place.conditional() ? "*" : null)
                .contentMD5(Base64.getEncoder().encodeToString(md5));
        place.sse().ifPresent(sse -> request.serverSideEncryption(sse.algorithm())
                .ssekmsKeyId(sse.keyId().orElse(null)));
        lock.ifPresent(l -> request.objectLockMode(l.mode()).objectLockRetainUntilDate(l.fromNow()));
        try {
            String version = client.putObject(request.build(), S3Upload.body(content)).versionId();
            lock.ifPresent(l -> l.settle(key, version));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == 412 && alreadyWritten(key, Etags.of(md5))) {
                return true;
            }
            throw e;
        }
    }

    boolean completeUpload(String key, String id, List<CompletedPart> parts) {
        if (alreadyWritten(key, Etags.of(parts))) {
            return true;
        }
        var request = CompleteMultipartUploadRequest.builder()
                .bucket(bucket())
                .key(fullKey(key))
                .uploadId(id)
                .multipartUpload(m -> m.parts(parts));
        String version = complete(request.ifNoneMatch(place.conditional() ? "*" : null));
        lock.ifPresent(l -> l.settle(key, version));
        return true;
    }

    /**
     * True: these very bytes are there, as the answer of an earlier try was lost, or another worker was faster with the
     * same. Fails with {@code object-exists} when something else is there.
     */
    private boolean alreadyWritten(String key, String etag) {
        Optional<String> there = etag(key);
        if (there.isPresent() && !Etags.same(there.get(), etag)) {
            throw Trouble.exists("%s in store %s (%s)".formatted(key, name(), address())).lasting();
        }
        return there.isPresent();
    }

    private Optional<String> etag(String key) {
        if (lock.isPresent()) {
            return lock.get().etag(key);
        }
        try {
            return Optional.of(client.headObject(h -> h.bucket(bucket()).key(fullKey(key))).eTag());
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    private String complete(CompleteMultipartUploadRequest.Builder request) {
        try {
            return client.completeMultipartUpload(request.build()).versionId();
        } catch (S3Exception e) {
            if (e.statusCode() != 501) {
                throw e;
            }
            // This server knows no conditional completion: the look before has to do.
            return client.completeMultipartUpload(request.ifNoneMatch(null).build()).versionId();
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Runs a call, its exceptions told as named failures. */
    <T> T told(String key, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw S3Trouble.of(this, key, e);
        }
    }

    /** As {@link #told}, waiting for a store that went away to come back. The call must be one that may run twice. */
    <T> T patiently(String key, Supplier<T> call) throws FailureException {
        return patience.wait(() -> told(key, call));
    }
}
