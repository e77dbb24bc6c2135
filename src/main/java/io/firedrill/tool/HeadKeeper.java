package io.firedrill.tool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Remembers the first bytes of a stream that passes by. */
final class HeadKeeper {
    private final byte[] head;
    private int kept;

    HeadKeeper(int length) {
        head = new byte[length];
    }

    OutputStream before(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                int n = Math.min(length, head.length - kept);
                System.arraycopy(buffer, offset, head, kept, n);
                kept += n;
                out.write(buffer, offset, length);
            }
        };
    }

    boolean startsWith(byte[] expected) {
        return kept == head.length && Arrays.equals(head, expected);
    }
}
