package io.firedrill.store;

import com.exceptionfactory.jagged.framework.stream.StandardEncryptingChannelFactory;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Writes one part of a backup: plain bytes in, digested, compressed (zstd), encrypted (age) and digested again on their
 * way into a store. Nothing is visible before {@link #commit()}; closed without it, nothing remains. Not thread-safe.
 */
public final class SealedWriter extends OutputStream {
    private static final int LEVEL = 1;
    private static final int BLOCK = 1 << 16;

    private final String role;
    private final String key;
    private final List<String> encoding;
    private final ObjectSink sink;
    private final Digested plain;
    private final Digested stored = new Digested();
    private final OutputStream sealing;
    private final OutputStream out;
    private boolean ended;

    private SealedWriter(Store store, String role, String key, Keys keys, boolean digesting) throws IOException, GeneralSecurityException {
        this.role = role;
        this.plain = new Digested(digesting);
        this.key = key;
        this.encoding = keys.encrypting() ? List.of("zstd", "age") : List.of("zstd");
        this.sink = store.create(key);
        try {
            this.sealing = compressed(encrypted(stored.writingTo(sink), keys));
            this.out = plain.writingTo(sealing);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    /** @param key without the suffix that tells the encoding ({@code .zst}, {@code .age}), which is added here */
    public static SealedWriter create(Store store, String role, String key, Keys keys) {
        return create(store, role, key, keys, true);
    }

    /** Of what carries digests of its own: the part gets no {@code plainSha256}. */
    public static SealedWriter createUndigested(Store store, String role, String key, Keys keys) {
        return create(store, role, key, keys, false);
    }

    private static SealedWriter create(Store store, String role, String key, Keys keys, boolean digesting) {
        try {
            return new SealedWriter(store, role, key + (keys.encrypting() ? ".zst.age" : ".zst"), keys, digesting);
        } catch (IOException | GeneralSecurityException e) {
            throw notWritten(key, e);
        }
    }

    private static OutputStream encrypted(OutputStream to, Keys keys) throws IOException, GeneralSecurityException {
        if (!keys.encrypting()) {
            return to;
        }
        return Channels.newOutputStream(
                new StandardEncryptingChannelFactory().newEncryptingChannel(Channels.newChannel(to), keys.sealing()));
    }

    private static OutputStream compressed(OutputStream to) throws IOException {
        int workers = Math.min(4, Runtime.getRuntime().availableProcessors());
        return new ZstdOutputStreamNoFinalizer(to, LEVEL).setWorkers(workers).setChecksum(true);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        try {
            for (int done = 0; done < length; done += BLOCK) {
                out.write(buffer, offset + done, Math.min(BLOCK, length - done));
            }
        } catch (IOException e) {
            throw notWritten(key, e);
        }
    }

    /** Plain bytes so far. */
    public long plainBytes() {
        return plain.bytes();
    }

    /** Ends the stream, makes the object visible and tells what to put into the manifest. */
    public Manifest.Part commit() {
        try {
            end();
        } catch (IOException e) {
            throw notWritten(key, e);
        }
        sink.commit();
        return new Manifest.Part(role, key, plain.bytes(), plain.hex(), stored.bytes(), stored.hex(), encoding);
    }

    /** Abandons the object unless it was committed. */
    @Override
    public void close() {
        try {
            end();
        } catch (IOException | RuntimeException e) {
            // It is thrown away anyhow; closing only gives back the compressor's memory.
        } finally {
            sink.close();
        }
    }

    private void end() throws IOException {
        if (!ended) {
            ended = true;
            sealing.close();
        }
    }

    private static FailureException notWritten(String key, Exception e) {
        return new Failure(
                        "object-not-written",
                        "The object %s could not be written: %s".formatted(key, e.getMessage()),
                        "This backup does not exist; earlier ones are untouched.",
                        "Try again; look at the store's disk or network if it happens again.")
                .passing(e);
    }
}
