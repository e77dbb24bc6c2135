package io.firedrill.proof;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 without checked exceptions: every Java has it. */
final class Sha256 {
    static final int BYTES = 32;

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    void add(byte[] bytes) {
        digest.update(bytes);
    }

    void add(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }

    /** Big-endian. */
    void add(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            digest.update((byte) (value >>> shift));
        }
    }

    /** Writes the digest and begins anew; no allocation. */
    void finishInto(byte[] out) {
        try {
            digest.digest(out, 0, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lower case; begins anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
