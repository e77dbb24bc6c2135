package io.firedrill.proof;

/**
 * SHA-256 of one large object: its number, then every block of 256 bytes that is not all zeros (where it begins, its
 * bytes up to the last that is not zero), then its length. 256 divides every page size that a server can have.
 */
final class SparseDigest {
    private static final int BLOCK = 256;

    private final long number;
    private final Sha256 sha256 = new Sha256();
    private long length;

    SparseDigest(long number) {
        this.number = number;
        sha256.add(number);
    }

    long number() {
        return number;
    }

    long length() {
        return length;
    }

    /** Parts come in order, each beginning at a multiple of 256. */
    void add(long offset, byte[] bytes, int from, int count) {
        for (int at = 0; at < count; at += BLOCK) {
            int used = Math.min(BLOCK, count - at);
            while (used > 0 && bytes[from + at + used - 1] == 0) {
                used--;
            }
            if (used > 0) {
                sha256.add(offset + at);
                sha256.add((long) used);
                sha256.add(bytes, from + at, used);
            }
        }
        length = offset + count;
    }

    void finishInto(byte[] out) {
        sha256.add(-1L);
        sha256.add(length);
        sha256.finishInto(out);
    }
}
