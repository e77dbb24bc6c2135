package io.firedrill.tool;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;

/** Tells how many bytes passed. */
final class CountedOutput extends FilterOutputStream {
    private final LongConsumer soFar;
    private long bytes;

    CountedOutput(OutputStream out, LongConsumer soFar) {
        super(out);
        this.soFar = soFar;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
        bytes += length;
        soFar.accept(bytes);
    }
}
