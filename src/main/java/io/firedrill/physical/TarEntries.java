package io.firedrill.physical;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes a tar stream apart while it passes by, as PostgreSQL writes them (POSIX ustar, sizes also in base 256). What is
 * no tar is the lasting failure {@code undecodable-tar}.
 */
public final class TarEntries extends OutputStream {
    private static final int BLOCK = 512;
    private static final char FILE = '0';

    /** Told of each regular file: {@link #begin}, its bytes in order, {@link #end}. */
    public interface Visitor {
        void begin(String name, long bytes) throws IOException;

        void data(byte[] buffer, int offset, int length) throws IOException;

        void end() throws IOException;

        /**
         * Told of every entry before anything else, folders and links too.
         *
         * @param block its header, only valid now and until the file ends
         */
        default void header(byte[] block, boolean file) throws IOException {}
    }

    private final String what;
    private final Visitor visitor;
    private final byte[] header = new byte[BLOCK];
    private int inHeader;
    private long left;
    private long padding;
    private boolean file;
    private boolean ended;

    /** @param what the archive, for messages */
    public TarEntries(String what, Visitor visitor) {
        this.what = what;
        this.visitor = visitor;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end && !ended) {
            if (left > 0) {
                at += content(buffer, at, end - at);
            } else if (padding > 0) {
                int n = (int) Math.min(padding, end - at);
                padding -= n;
                at += n;
            } else {
                int n = Math.min(BLOCK - inHeader, end - at);
                System.arraycopy(buffer, at, header, inHeader, n);
                inHeader += n;
                at += n;
                if (inHeader == BLOCK) {
                    inHeader = 0;
                    entry();
                }
            }
        }
    }

    private int content(byte[] buffer, int at, int available) throws IOException {
        int n = (int) Math.min(left, available);
        if (file) {
            visitor.data(buffer, at, n);
        }
        left -= n;
        if (left == 0 && file) {
            visitor.end();
        }
        return n;
    }

    private void entry() throws IOException {
        if (header[0] == 0) {
            ended = true;
            return;
        }
        if (sum(header) != number(148, 8)) {
            throw undecodable("a header's checksum is wrong");
        }
        char type = header[156] == 0 ? FILE : (char) header[156];
        file = type == FILE;
        left = number(124, 12);
        padding = (BLOCK - left % BLOCK) % BLOCK;
        if (!file && type != '5' && type != '2') {
            throw undecodable("it has an entry of type '%s', which PostgreSQL does not write".formatted(type));
        }
        visitor.header(header, file);
        if (file) {
            String prefix = text(345, 155);
            visitor.begin(prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100), left);
            if (left == 0) {
                visitor.end();
            }
        }
    }

    /** That the archive ended where an archive may end. */
    public void finish() {
        if (!ended && (left > 0 || padding > 0 || inHeader > 0)) {
            throw undecodable("it ends in the middle of a file");
        }
    }

    /** Of all bytes, those of the checksum itself taken as spaces. */
    static long sum(byte[] header) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        return sum;
    }

    private long number(int at, int length) {
        if ((header[at] & 0x80) != 0) {
            long value = 0;
            for (int i = at + length - 8; i < at + length; i++) {
                value = value << 8 | header[i] & 0xff;
            }
            return value;
        }
        try {
            return Long.parseLong(text(at, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw undecodable("a header has no size");
        }
    }

    private String text(int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }

    private FailureException undecodable(String why) {
        return new Failure(
                        "undecodable-tar",
                        "%s cannot be read as a tar archive: %s.".formatted(what, why),
                        "This backup cannot be restored.",
                        "Take a new backup now; restore from an older one if you must restore.")
                .lasting();
    }
}
