package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One multipart upload. Parts go up by {@value #AT_ONCE} threads; the writer waits while all are busy. A store that goes
 * away is waited for, part by part ({@link Patience}), and what it has already is not sent again.
 */
final class S3Upload {
    private static final int AT_ONCE = 3;
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    /** All uploads of this process together hold at most a quarter of the heap in parts on their way, in MiB. */
    private static final int BUDGET = (int) Math.max(64, Runtime.getRuntime().maxMemory() / 4 / PartSizes.MIB);

    private static final Semaphore MEMORY = new Semaphore(BUDGET);

    private final S3Store store;
    private final String key;
    private final String id;
    private final Map<Integer, Part> there;
    private final List<Future<CompletedPart>> parts = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, S3Upload::thread);
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();

    private S3Upload(S3Store store, String key, String id, List<Part> there) {
        this.store = store;
        this.key = key;
        this.id = id;
        this.there = there.stream().collect(Collectors.toMap(Part::partNumber, part -> part));
    }

    private static Thread thread(Runnable work) {
        return Thread.ofPlatform().daemon().name("upload").unstarted(work);
    }

    /** {@code resuming}: goes on with the newest upload of this key that was begun and not ended, by whomever. */
    static S3Upload begin(S3Store store, String key, boolean resuming) {
        return store.patiently(key, () -> {
            if (resuming) {
                MultipartUpload begun = newest(store, key);
                if (begun != null) {
                    return new S3Upload(store, key, begun.uploadId(), store.sentParts(key, begun.uploadId()));
                }
            }
            return new S3Upload(store, key, store.beginUpload(key), List.of());
        });
    }

    private static @Nullable MultipartUpload newest(S3Store store, String key) {
        try {
            return store.begunUploads(key).stream()
                    .filter(upload -> upload.initiated() != null)
                    .max(Comparator.comparing(MultipartUpload::initiated))
                    .orElse(null);
        } catch (S3Exception e) {
            if (e.statusCode() >= 500 && e.statusCode() != 501) {
                throw e;
            }
            // This server does not list uploads, or not to us: begin anew.
            return null;
        }
    }

    /** Takes the part over and closes it once it is sent. Fails when an earlier part failed. */
    void add(PartBuffer part) {
        int number = parts.size() + 1;
        int memory = Math.min(BUDGET, part.bytesInMemory() / PartSizes.MIB);
        try {
            failIfOneFailed();
            room.acquire();
            MEMORY.acquire(memory);
        } catch (InterruptedException e) {
            part.close();
            Thread.currentThread().interrupt();
            throw S3Trouble.interrupted(store, key, e);
        } catch (FailureException e) {
            part.close();
            throw e;
        }
        parts.add(threads.submit(() -> {
            try (part) {
                return send(number, part);
            } catch (RuntimeException e) {
                trouble.compareAndSet(null, e);
                throw e;
            } finally {
                MEMORY.release(memory);
                room.release();
            }
        }));
    }

    private void failIfOneFailed() {
        RuntimeException failed = trouble.get();
        if (failed != null) {
            throw failed;
        }
    }

    private CompletedPart send(int number, PartBuffer part) {
        byte[] md5 = part.md5();
        return store.patiently(key, () -> {
            String etag = sentBefore(number, part, md5) ? there.get(number).eTag() : sendNow(number, part, md5);
            return CompletedPart.builder().partNumber(number).eTag(etag).build();
        });
    }

    /** Only when the server's ETag is the MD5, as it is unless the server encrypts by KMS: otherwise it is sent again. */
    private boolean sentBefore(int number, PartBuffer part, byte[] md5) {
        Part sent = there.get(number);
        return sent != null
                && sent.size() == part.size()
                && Etags.same(sent.eTag(), Etags.of(md5));
    }

    private String sendNow(int number, PartBuffer part, byte[] md5) {
        return store.client()
                .uploadPart(
                        p -> p.bucket(store.bucket())
                                .key(store.fullKey(key))
                                .uploadId(id)
                                .partNumber(number)
                                .contentMD5(Base64.getEncoder().encodeToString(md5)),
                        body(part))
                .eTag();
    }

    static RequestBody body(PartBuffer part) {
        return RequestBody.fromContentProvider(part::content, part.size(), "application/octet-stream");
    }

    /** Makes the object visible. */
    void complete() {
        List<CompletedPart> sent = parts.stream().map(this::result).toList();
        store.patiently(key, () -> store.completeUpload(key, id, sent));
    }

    private CompletedPart result(Future<CompletedPart> part) {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException told ? told : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw S3Trouble.interrupted(store, key, e);
        }
    }

    /** {@code abort}: what was sent is taken away; otherwise it stays, for another try or because it is the object now. */
    void end(boolean abort) {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(LAST_WORDS.toSeconds(), TimeUnit.SECONDS)) {
                // A request that hangs ends by its own time limit; its part then counts for nothing.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (abort) {
            try {
                store.abort(store.fullKey(key), id);
            } catch (SdkException e) {
                // Invisible all the same; removeUnfinished takes it away later.
            }
        }
    }
}
