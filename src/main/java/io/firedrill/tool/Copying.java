package io.firedrill.tool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Copies a stream to its end, telling how far it is. */
public final class Copying {
    private static final int BLOCK = 1 << 16;

    private Copying() {}

    /** @return bytes copied */
    public static long to(InputStream in, OutputStream out, LongConsumer soFar) throws IOException {
        byte[] buffer = new byte[BLOCK];
        long total = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            total += n;
            soFar.accept(total);
        }
        return total;
    }
}
