package io.firedrill.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Uploads in parts as the bytes come, holding one part in memory. Parts grow (8 MiB, doubled after every thousand), so
 * that a stream of unknown length stays below S3's ten thousand parts. What fits one part goes up as one plain object.
 */
final class S3Sink extends ObjectSink {
    private static final int FIRST_PART = 8 << 20;
    private static final int LARGEST_PART = 1 << 30;
    private static final int PARTS_OF_ONE_SIZE = 1000;

    private final S3Store store;
    private final S3Client client;
    private final String bucket;
    private final String key;
    private final String fullKey;
    private final List<CompletedPart> parts = new ArrayList<>();
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private @Nullable String uploadId;
    private boolean over;

    S3Sink(S3Store store, S3Client client, String bucket, String key, String fullKey) {
        this.store = store;
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.fullKey = fullKey;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        for (int done = 0; done < length; ) {
            if (filled == partSize()) {
                uploadPart();
            }
            int n = Math.min(length - done, partSize() - filled);
            makeRoom(filled + n);
            System.arraycopy(source, offset + done, buffer, filled, n);
            filled += n;
            done += n;
        }
    }

    private int partSize() {
        long size = (long) FIRST_PART << Math.min(20, parts.size() / PARTS_OF_ONE_SIZE);
        return (int) Math.min(size, LARGEST_PART);
    }

    private void makeRoom(int needed) {
        if (needed > buffer.length) {
            int larger = (int) Math.min(partSize(), Math.max(needed, 2L * buffer.length));
            buffer = java.util.Arrays.copyOf(buffer, larger);
        }
    }

    private void uploadPart() {
        store.told(key, () -> {
            if (uploadId == null) {
                uploadId = client.createMultipartUpload(c -> c.bucket(bucket).key(fullKey)).uploadId();
            }
            int number = parts.size() + 1;
            String etag = client.uploadPart(
                            p -> p.bucket(bucket).key(fullKey).uploadId(uploadId).partNumber(number).contentMD5(md5()),
                            body())
                    .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
            filled = 0;
            return true;
        });
    }

    private RequestBody body() {
        return RequestBody.fromByteBuffer(ByteBuffer.wrap(buffer, 0, filled));
    }

    private String md5() {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            md5.update(buffer, 0, filled);
            return Base64.getEncoder().encodeToString(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    @Override
    public void commit() {
        if (uploadId == null) {
            store.told(key, () -> client.putObject(
                    p -> p.bucket(bucket).key(fullKey).ifNoneMatch("*").contentMD5(md5()), body()));
        } else {
            commitParts();
        }
        over = true;
        buffer = new byte[0];
    }

    private void commitParts() {
        if (filled > 0) {
            uploadPart();
        }
        if (store.head(key).isPresent()) {
            throw Trouble.exists("%s in store %s (%s)".formatted(key, store.name(), store.address())).lasting();
        }
        try {
            complete("*");
        } catch (S3Exception e) {
            if (e.statusCode() != 501) {
                throw S3Trouble.of(store, key, e);
            }
            // This server knows no conditional completion: the look above has to do.
            store.told(key, () -> complete(null));
        }
    }

    private boolean complete(@Nullable String ifNoneMatch) {
        client.completeMultipartUpload(c -> c.bucket(bucket)
                .key(fullKey)
                .uploadId(uploadId)
                .ifNoneMatch(ifNoneMatch)
                .multipartUpload(m -> m.parts(parts)));
        return true;
    }

    @Override
    public void close() {
        if (!over && uploadId != null) {
            over = true;
            try {
                client.abortMultipartUpload(a -> a.bucket(bucket).key(fullKey).uploadId(uploadId));
            } catch (SdkException e) {
                // Invisible all the same; removeUnfinished takes it away later.
            }
        }
        over = true;
    }
}
