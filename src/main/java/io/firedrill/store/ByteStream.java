package io.firedrill.store;

import java.io.IOException;
import java.io.InputStream;

/** An input stream whose one-byte read is derived from the array read. */
abstract class ByteStream extends InputStream {
    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }
}
