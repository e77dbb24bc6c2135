package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** Reads an object; trouble underneath is told as the store's named failure. */
final class ReportingStream extends ByteStream {
    private final InputStream in;
    private final Function<IOException, FailureException> trouble;

    ReportingStream(InputStream in, Function<IOException, FailureException> trouble) {
        this.in = in;
        this.trouble = trouble;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        try {
            return in.read(buffer, offset, length);
        } catch (IOException e) {
            throw trouble.apply(e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
