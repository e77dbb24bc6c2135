package io.firedrill.proof;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A sum modulo 2^256 of SHA-256 digests: the same for the same things in any order, and, unlike exclusive or, not blind
 * to a thing that is there twice.
 */
final class DigestSum {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long[] sum = new long[4];
    private long count;

    /** Adds the 32 bytes, a big-endian number. */
    void add(byte[] digest) {
        long carry = 0;
        for (int word = 3; word >= 0; word--) {
            long term = (long) LONGS.get(digest, word * Long.BYTES);
            long partial = sum[word] + term;
            long whole = partial + carry;
            carry = (Long.compareUnsigned(partial, term) < 0 ? 1 : 0) + (Long.compareUnsigned(whole, partial) < 0 ? 1 : 0);
            sum[word] = whole;
        }
        count++;
    }

    long count() {
        return count;
    }

    String hex() {
        return "%016x%016x%016x%016x".formatted(sum[0], sum[1], sum[2], sum[3]);
    }
}
