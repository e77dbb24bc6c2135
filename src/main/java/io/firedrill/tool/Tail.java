package io.firedrill.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The end of a stream whose whole may be too long to keep. */
final class Tail {
    private Tail() {}

    /** Reads to the end, keeping the last {@code limit} bytes. */
    static String of(InputStream in, int limit) throws IOException {
        byte[] kept = new byte[0];
        byte[] buffer = new byte[8192];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            int from = Math.max(0, kept.length + n - limit);
            byte[] joined = new byte[kept.length + n];
            System.arraycopy(kept, 0, joined, 0, kept.length);
            System.arraycopy(buffer, 0, joined, kept.length, n);
            kept = from == 0 ? joined : java.util.Arrays.copyOfRange(joined, from, joined.length);
        }
        return new String(kept, StandardCharsets.UTF_8);
    }
}
