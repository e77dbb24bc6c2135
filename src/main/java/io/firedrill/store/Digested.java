package io.firedrill.store;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and digests (SHA-256) what passes by. */
final class Digested {
    private final MessageDigest sha256 = sha256();
    private long bytes;

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hexOf(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    long bytes() {
        return bytes;
    }

    /** Lower-case hex; ends the digest, so to be asked once. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void saw(byte[] buffer, int offset, int length) {
        sha256.update(buffer, offset, length);
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
