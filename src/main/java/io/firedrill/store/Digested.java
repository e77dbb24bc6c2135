package io.firedrill.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Counts and digests (SHA-256) what passes by, or only counts it. */
final class Digested {
    private final @Nullable MessageDigest sha256;
    private long bytes;

    Digested() {
        this(true);
    }

    /** @param digesting false: only counts */
    Digested(boolean digesting) {
        this.sha256 = digesting ? sha256() : null;
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static MessageDigest md5() {
        return digest("MD5");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    static String hexOf(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    long bytes() {
        return bytes;
    }

    /** Lower-case hex, empty when it only counts; ends the digest, so to be asked once. */
    String hex() {
        return sha256 == null ? "" : HexFormat.of().formatHex(sha256.digest());
    }

    private void saw(byte[] buffer, int offset, int length) {
        if (sha256 != null) {
            sha256.update(buffer, offset, length);
        }
        bytes += length;
    }

    OutputStream writingTo(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] buffer, int offset, int length) throws IOException {
                out.write(buffer, offset, length);
                saw(buffer, offset, length);
            }

            /** The object below is committed or abandoned by its owner, never by the streams above it. */
            @Override
            public void close() throws IOException {
                out.flush();
            }
        };
    }

    InputStream readingFrom(InputStream in) {
        return new ByteStream() {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int n = in.read(buffer, offset, length);
                if (n > 0) {
                    saw(buffer, offset, n);
                }
                return n;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }
}
