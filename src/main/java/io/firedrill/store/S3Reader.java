package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Reads an object; a connection that breaks or stalls is made again from the byte after the last one that came, of the very
 * same object. So an answer that was cut off is never taken for the end.
 */
final class S3Reader extends ByteStream {
    private final S3Store store;
    private final String key;
    private final Optional<String> version;
    private final Patience patience;
    private ResponseInputStream<GetObjectResponse> in;
    private final String etag;
    private final long length;
    private long offset;

    private S3Reader(S3Store store, String key, Optional<String> version, Patience patience) {
        this.store = store;
        this.key = key;
        this.version = version;
        this.patience = patience;
        this.in = store.told(key, () -> store.client().getObject(get -> get.bucket(store.bucket())
                .key(store.fullKey(key))
                .versionId(version.orElse(null))));
        this.etag = in.response().eTag();
        this.length = in.response().contentLength();
    }

    static S3Reader open(S3Store store, String key, Optional<String> version, Patience patience) {
        return new S3Reader(store, key, version, patience);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        int n;
        try {
            n = in.read(buffer, offset, length);
            if (n < 0 && this.offset < this.length) {
                throw new IOException("the answer ended after %d of %d bytes".formatted(this.offset, this.length));
            }
        } catch (IOException | SdkException e) {
            n = again(buffer, offset, length, S3Trouble.of(store, key, e));
        }
        this.offset += Math.max(0, n);
        return n;
    }

    /** The first bytes of a new connection count as success: what breaks again and again still gets on. */
    private int again(byte[] buffer, int at, int count, FailureException broken) {
        if (!broken.passing()) {
            throw broken;
        }
        return patience.wait(() -> {
            in.abort();
            in = store.told(key, this::rest);
            try {
                return in.read(buffer, at, count);
            } catch (IOException | SdkException e) {
                throw S3Trouble.of(store, key, e);
            }
        });
    }

    private ResponseInputStream<GetObjectResponse> rest() {
        try {
            return store.client().getObject(get -> get.bucket(store.bucket())
                    .key(store.fullKey(key))
                    .versionId(version.orElse(null))
                    .range("bytes=%d-".formatted(offset))
                    .ifMatch(etag));
        } catch (S3Exception e) {
            if (e.statusCode() == 412) {
                String where = "%s in store %s (%s)".formatted(key, store.name(), store.address());
                throw Trouble.bad("corrupt-object", where, "was replaced while it was read").lasting(e);
            }
            throw e;
        }
    }

    /** Without reading the rest, which may be many gigabytes. */
    @Override
    public void close() throws IOException {
        if (offset < length) {
            in.abort();
        } else {
            in.close();
        }
    }
}
