package io.firedrill.store;

import io.firedrill.plan.StorePlan;
import java.io.InputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Objects in an S3-compatible bucket, by the calls that every such server knows. */
final class S3Store implements Store {
    private final String name;
    private final String bucket;
    private final String prefix;
    private final S3Client client;

    private S3Store(StorePlan.S3 plan) {
        this.name = plan.name();
        this.bucket = plan.bucket();
        this.prefix = plan.prefix().isEmpty() ? "" : plan.prefix() + "/";
        this.client = S3Clients.open(plan);
    }

    static S3Store open(StorePlan.S3 plan) {
        return new S3Store(plan);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String address() {
        return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }

    @Override
    public ObjectSink create(String key) {
        return new S3Sink(this, client, bucket, key, prefix + key);
    }

    @Override
    public InputStream open(String key) {
        InputStream in = told(key, () -> client.getObject(get -> get.bucket(bucket).key(prefix + key)));
        return new ReportingStream(in, e -> S3Trouble.of(this, key, e));
    }

    @Override
    public Optional<StoredObject> head(String key) {
        return told(key, () -> {
            try {
                HeadObjectResponse head = client.headObject(h -> h.bucket(bucket).key(prefix + key));
                return Optional.of(new StoredObject(key, head.contentLength()));
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            }
        });
    }

    @Override
    public List<StoredObject> list(String under) {
        return told(under, () -> client.listObjectsV2Paginator(l -> l.bucket(bucket).prefix(prefix + under))
                .contents()
                .stream()
                .map(object -> new StoredObject(object.key().substring(prefix.length()), object.size()))
                .sorted(Comparator.comparing(StoredObject::key))
                .toList());
    }

    @Override
    public void delete(String key) {
        told(key, () -> client.deleteObject(d -> d.bucket(bucket).key(prefix + key)));
    }

    @Override
    public void removeUnfinished(Instant startedBefore) {
        told(prefix, () -> {
            client.listMultipartUploadsPaginator(l -> l.bucket(bucket).prefix(prefix)).uploads().stream()
                    .filter(upload -> upload.initiated() != null && upload.initiated().isBefore(startedBefore))
                    .forEach(this::abort);
            return true;
        });
    }

    private void abort(MultipartUpload upload) {
        client.abortMultipartUpload(a -> a.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
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
}
