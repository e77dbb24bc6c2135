package io.firedrill.physical;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes entries of a tar archive (POSIX ustar), readable by every tar. */
final class TarWriter {
    static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final int END_BLOCKS = 2;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    /** Whether a name can be written. */
    static boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= NAME;
    }

    /** A header as it was read. */
    void header(byte[] header) throws IOException {
        out.write(header, 0, BLOCK);
    }

    void data(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
    }

    /** After the content of a file of that size. */
    void pad(long bytes) throws IOException {
        int over = (int) (bytes % BLOCK);
        if (over > 0) {
            out.write(new byte[BLOCK - over]);
        }
    }

    /** A whole file, readable by its owner alone. */
    void file(String name, byte[] content, int length) throws IOException {
        byte[] header = new byte[BLOCK];
        text(header, 0, name);
        text(header, 100, "0000600");
        text(header, 108, "0000000");
        text(header, 116, "0000000");
        text(header, 124, "%011o".formatted(length));
        text(header, 136, "%011o".formatted(0));
        header[156] = '0';
        text(header, 257, "ustar");
        text(header, 263, "00");
        text(header, 148, "%06o".formatted(TarEntries.sum(header)));
        header[155] = ' ';
        header(header);
        data(content, 0, length);
        pad(length);
    }

    private static void text(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    void end() throws IOException {
        out.write(new byte[END_BLOCKS * BLOCK]);
    }
}
