package io.firedrill.store;

import java.io.IOException;
import java.util.List;

/** Small objects, written at once and as they are. */
public final class Whole {
    private Whole() {}

    /** @param encoding what was done to the content before, for the manifest */
    public static Manifest.Part write(Store store, String role, String key, byte[] content, List<String> encoding) {
        try (ObjectSink sink = store.create(key)) {
            sink.write(content);
            sink.commit();
        } catch (IOException e) {
            throw new IllegalStateException("sinks tell their failures by themselves", e);
        }
        String digest = Digested.hexOf(content);
        return new Manifest.Part(role, key, content.length, digest, content.length, digest, encoding);
    }
}
