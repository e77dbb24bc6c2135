package io.firedrill.store;

import com.exceptionfactory.jagged.framework.stream.StandardDecryptingChannelFactory;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one part of a backup back as plain bytes. The end of the stream is only ever told after every digest and length
 * matched the manifest; anything off is thrown as a lasting {@link FailureException}: {@code truncated-object},
 * {@code corrupt-object}, {@code wrong-key}. So a consumer never takes bad data for a whole stream.
 */
public final class SealedReader extends ByteStream {
    private static final int DRAIN = 1 << 16;

    private final Store store;
    private final Manifest.Part part;
    private final Keys keys;
    private final Digested stored = new Digested();
    private final Digested plain;
    private final InputStream below;
    private final InputStream out;
    private boolean verified;

    private SealedReader(Store store, Manifest.Part part, Keys keys) {
        this.store = store;
        this.part = part;
        this.plain = new Digested(!part.plainSha256().isEmpty());
        this.keys = keys;
        this.below = stored.readingFrom(store.open(part.key()));
        try {
            this.out = plain.readingFrom(decompressed(decrypted(keys)));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw closing(e);
        }
    }

    /**
     * @param part without {@code storedSha256} or {@code plainSha256} (empty) or {@code plainBytes} (negative) these are not
     *     compared: an object that no manifest describes, or whose content carries digests of its own
     */
    public static InputStream open(Store store, Manifest.Part part, Keys keys) {
        return new SealedReader(store, part, keys);
    }

    private InputStream decrypted(Keys keys) throws IOException, GeneralSecurityException {
        if (!part.encoding().contains("age")) {
            return below;
        }
        if (!keys.encrypting()) {
            throw wrongKey("the plan names no key", null);
        }
        return Channels.newInputStream(
                new StandardDecryptingChannelFactory().newDecryptingChannel(Channels.newChannel(below), keys.opening(store, part.key())));
    }

    private InputStream decompressed(InputStream in) throws IOException {
        return part.encoding().contains("zstd") ? new ZstdInputStreamNoFinalizer(in).setContinuous(false) : in;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        try {
            int n = out.read(buffer, offset, length);
            if (n < 0 && !verified) {
                verify();
            }
            return n;
        } catch (IOException | RuntimeException e) {
            throw told(e);
        }
    }

    private void verify() throws IOException {
        drain();
        verifyStored();
        boolean asLong = part.plainBytes() < 0 || plain.bytes() == part.plainBytes();
        if (!asLong || !plain.hex().equals(part.plainSha256())) {
            throw corrupt("its content is not what the manifest says, though the stored bytes are", null);
        }
        verified = true;
    }

    private void verifyStored() {
        if (stored.bytes() < part.storedBytes()) {
            String why = "is cut off after %d of %d bytes".formatted(stored.bytes(), part.storedBytes());
            throw failure("truncated-object", why, null);
        }
        String digest = stored.hex();
        if (stored.bytes() != part.storedBytes() || !part.storedSha256().isEmpty() && !digest.equals(part.storedSha256())) {
            throw corrupt("does not have the SHA-256 that the manifest gives", null);
        }
    }

    private void drain() throws IOException {
        byte[] buffer = new byte[DRAIN];
        while (below.read(buffer, 0, DRAIN) >= 0) {
            // Only for the digest.
        }
    }

    /** The name of the trouble: what lies in the store is judged first, as a wrong key shows only on whole objects. */
    private FailureException told(Exception trouble) {
        if (trouble instanceof FailureException own) {
            return own;
        }
        try {
            drain();
            verifyStored();
        } catch (FailureException e) {
            return e;
        } catch (IOException e) {
            return corrupt("cannot be read: " + e.getMessage(), e);
        }
        return trouble instanceof GeneralSecurityException
                ? wrongKey("no identity in the key file opens it", trouble)
                : corrupt("cannot be decoded: " + trouble.getMessage(), trouble);
    }

    private FailureException closing(Exception trouble) {
        FailureException told = told(trouble);
        try {
            below.close();
        } catch (IOException e) {
            told.addSuppressed(e);
        }
        return told;
    }

    private FailureException wrongKey(String why, @Nullable Exception cause) {
        return lasting(
                new Failure(
                        "wrong-key",
                        "The object %s in %s cannot be opened: %s. It is sealed for %s; there is %s."
                                .formatted(part.key(), store.name(), why, sealedFor(), held()),
                        "The backup is whole, but sealed for another key.",
                        "Put the identity with that public half into the key file, below the first one."),
                cause);
    }

    /** As the manifest beside it tells; without one it stays unknown. */
    private String sealedFor() {
        try {
            String folder = part.key().substring(0, part.key().lastIndexOf('/') + 1);
            return String.join(" or ", Manifests.readAt(store, folder + Keyspace.MANIFEST).recipients());
        } catch (FailureException | IndexOutOfBoundsException e) {
            return "a key that no manifest names";
        }
    }

    private String held() {
        return keys.held().isEmpty() ? "no key file" : String.join(", ", keys.held());
    }

    private FailureException corrupt(String why, @Nullable Exception cause) {
        return failure("corrupt-object", why, cause);
    }

    private FailureException failure(String code, String why, @Nullable Exception cause) {
        String where = "%s in store %s (%s)".formatted(part.key(), store.name(), store.address());
        return lasting(Trouble.bad(code, where, why), cause);
    }

    private static FailureException lasting(Failure failure, @Nullable Exception cause) {
        return cause == null ? failure.lasting() : failure.lasting(cause);
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            below.close();
        }
    }
}
