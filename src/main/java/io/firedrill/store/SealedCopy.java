package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.tool.Copying;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Copies sealed objects as they are, without opening them: no key is needed. */
public final class SealedCopy {
    private SealedCopy() {}

    /**
     * Nothing becomes visible unless it has the manifest's SHA-256. What is there already in full is left as it is, and a
     * copy that was broken off goes on where it was, if the store can.
     */
    public static void copy(Store from, Store to, Manifest.Part part, LongConsumer soFar) {
        if (to.head(part.key()).filter(there -> there.bytes() == part.storedBytes()).isPresent()) {
            return;
        }
        try (ObjectSink sink = to.resume(part.key(), part.storedBytes())) {
            pass(from, part, sink, soFar);
            sink.commit();
        } catch (IOException e) {
            throw new IllegalStateException("stores tell their failures by themselves", e);
        }
    }

    /** Reads the object back and throws {@code corrupt-object} or {@code truncated-object} unless it is as written. */
    public static void verify(Store store, Manifest.Part part, LongConsumer soFar) {
        try {
            pass(store, part, OutputStream.nullOutputStream(), soFar);
        } catch (IOException e) {
            throw new IllegalStateException("stores tell their failures by themselves", e);
        }
    }

    private static void pass(Store from, Manifest.Part part, OutputStream to, LongConsumer soFar) throws IOException {
        Digested digested = new Digested();
        try (InputStream in = digested.readingFrom(from.open(part.key()))) {
            Copying.to(in, to, soFar);
        }
        if (digested.bytes() < part.storedBytes()) {
            String why = "is cut off after %d of %d bytes".formatted(digested.bytes(), part.storedBytes());
            throw bad("truncated-object", from, part, why);
        }
        if (digested.bytes() != part.storedBytes() || !digested.hex().equals(part.storedSha256())) {
            throw bad("corrupt-object", from, part, "does not have the SHA-256 that the manifest gives");
        }
    }

    private static FailureException bad(String code, Store store, Manifest.Part part, String why) {
        return Trouble.bad(code, "%s in store %s (%s)".formatted(part.key(), store.name(), store.address()), why).lasting();
    }
}
