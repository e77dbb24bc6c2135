package io.firedrill.proof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table as COPY prints them, in pieces as they come, counted and digested as {@code docs/proof.md} says. In
 * every encoding that a server may have, a newline byte ends a row and a tab byte a column, and nothing else is either.
 */
final class CopyText {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x7f7f_7f7f_7f7f_7f7fL;
    private static final long NEWLINES = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long TABS = 0x0909_0909_0909_0909L;
    private static final int KEPT_BYTES = 1 << 16;
    /** A longer row whose columns are in another order is left to a reading in the right order. */
    private static final int LARGEST_REORDERED = 32 << 20;

    private final DigestSum sum = new DigestSum();
    private final Sha256 sha256 = new Sha256();
    private final byte[] digest = new byte[Sha256.BYTES];
    private final int @Nullable [] order;
    private final int[] ends;
    private byte[] kept = new byte[1024];
    private int keptBytes;
    private boolean begun;
    private boolean ended;
    private byte[] ordered = new byte[1024];

    /** @param order for each column of the digest, which column of the text it is; null when they are in that order */
    CopyText(int @Nullable [] order) {
        this.order = order;
        this.ends = new int[order == null ? 0 : order.length];
    }

    /** What is no text of such rows. */
    static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1L;

        Unexpected(String what) {
            super(what);
        }
    }

    void add(byte[] bytes, int from, int to) throws Unexpected {
        for (int at = from; at < to; ) {
            int newline = newline(bytes, at, to);
            if (newline == to) {
                keep(bytes, at, to);
                return;
            }
            if (keptBytes == 0 && !begun) {
                line(bytes, at, newline + 1);
            } else {
                keep(bytes, at, newline + 1);
                finishKept();
            }
            at = newline + 1;
        }
    }

    /** Where the next newline is; {@code to} when there is none. */
    private static int newline(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long found = zeros((long) LONGS.get(bytes, at) ^ NEWLINES);
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (at < to && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    /** The top bit of each byte that is zero, and no other bit. */
    private static long zeros(long bytes) {
        return ~(((bytes & LOW_BITS) + LOW_BITS) | bytes | LOW_BITS);
    }

    private void keep(byte[] bytes, int from, int to) throws Unexpected {
        int length = to - from;
        if (order == null && keptBytes + length > KEPT_BYTES) {
            sha256.add(kept, 0, keptBytes);
            sha256.add(bytes, from, length);
            keptBytes = 0;
            begun = true;
            return;
        }
        if (keptBytes + length > LARGEST_REORDERED) {
            throw new Unexpected("a row of more than " + LARGEST_REORDERED + " bytes");
        }
        kept = roomFor(keptBytes + length, kept);
        System.arraycopy(bytes, from, kept, keptBytes, length);
        keptBytes += length;
    }

    private static byte[] roomFor(int bytes, byte[] buffer) {
        return bytes <= buffer.length ? buffer : Arrays.copyOf(buffer, Math.max(bytes, 2 * buffer.length));
    }

    private void finishKept() throws Unexpected {
        if (begun) {
            sha256.add(kept, 0, keptBytes);
            finishRow();
            begun = false;
        } else {
            line(kept, 0, keptBytes);
        }
        keptBytes = 0;
    }

    /** A row, or the line that says that there are no more, after which pg_dump writes empty ones. */
    private void line(byte[] bytes, int from, int to) throws Unexpected {
        if (ended) {
            if (to - from != 1) {
                throw new Unexpected("text after the end of the rows");
            }
        } else if (to - from == 3 && bytes[from] == '\\' && bytes[from + 1] == '.') {
            ended = true;
        } else {
            row(bytes, from, to);
        }
    }

    /** One whole row with its newline, its columns in the digest's order. */
    void row(byte[] bytes) {
        sha256.add(bytes, 0, bytes.length);
        finishRow();
    }

    private void row(byte[] bytes, int from, int to) throws Unexpected {
        if (order == null) {
            sha256.add(bytes, from, to - from);
        } else {
            sha256.add(reordered(bytes, from, to, order), 0, to - from);
        }
        finishRow();
    }

    private void finishRow() {
        sha256.finishInto(digest);
        sum.add(digest);
    }

    private byte[] reordered(byte[] bytes, int from, int to, int[] order) throws Unexpected {
        split(bytes, from, to - 1);
        ordered = roomFor(to - from, ordered);
        int at = 0;
        for (int column : order) {
            int begin = column == 0 ? from : ends[column - 1] + 1;
            int length = ends[column] - begin;
            System.arraycopy(bytes, begin, ordered, at, length);
            at += length;
            ordered[at++] = '\t';
        }
        ordered[at - 1] = '\n';
        return ordered;
    }

    /** Notes where each column ends; the last one ends at the newline, {@code to}. */
    private void split(byte[] bytes, int from, int to) throws Unexpected {
        int columns = 0;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            for (long found = zeros((long) LONGS.get(bytes, at) ^ TABS); found != 0; found &= found - 1) {
                columns = noted(columns, at + (Long.numberOfTrailingZeros(found) >>> 3));
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\t') {
                columns = noted(columns, at);
            }
        }
        if (noted(columns, to) != ends.length) {
            throw new Unexpected("a row of fewer columns than are named");
        }
    }

    private int noted(int columns, int end) throws Unexpected {
        if (columns == ends.length) {
            throw new Unexpected("a row of more columns than are named");
        }
        ends[columns] = end;
        return columns + 1;
    }

    /** Whether the line that ends the rows has come. */
    boolean ended() {
        return ended;
    }

    long rows() {
        return sum.count();
    }

    String digest() {
        return sum.hex();
    }
}
