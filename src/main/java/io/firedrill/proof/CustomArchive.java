package io.firedrill.proof;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's custom archive as pg_dump writes it to a pipe, uncompressed: head, table of contents, one block of data
 * after the other (pg_backup_archiver.c and pg_backup_custom.c). Versions 1.14 to 1.16 (PostgreSQL 12 to 18) are known;
 * anything else is {@link CopyText.Unexpected}, never guessed at.
 */
final class CustomArchive {
    private static final byte[] MAGIC = {'P', 'G', 'D', 'M', 'P'};
    private static final int VERSION_1_14 = 14;
    private static final int VERSION_1_15 = 15;
    private static final int VERSION_1_16 = 16;
    private static final int FORMAT_CUSTOM = 1;
    private static final int BLOCK_DATA = 1;
    private static final int BLOCK_BLOBS = 3;
    private static final int TIME_FIELDS = 7;
    private static final int LONGEST_TEXT = 1 << 26;

    private final BlockReader in;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private int minor;
    private int intBytes;
    private int offsetBytes;

    CustomArchive(BlockReader in) {
        this.in = in;
    }

    /** A table's data: the table's object id, and the columns of its rows in their order. */
    private record Entry(long oid, CopyStatement copy) {}

    /** Tells each table whose rows were all there, by its object id, as soon as they were. */
    void read(BiConsumer<Long, RowsInDump.Rows> found) throws InterruptedException, CopyText.Unexpected {
        tableOfContents();
        while (in.more()) {
            int type = in.next();
            Entry entry = entries.get(integer());
            switch (type) {
                case BLOCK_DATA -> data(entry, found);
                case BLOCK_BLOBS -> skipLargeObjects();
                default -> throw new CopyText.Unexpected("a block of type " + type);
            }
        }
    }

    /** All that comes before the first block of data. */
    void tableOfContents() throws InterruptedException, CopyText.Unexpected {
        head();
        int count = integer();
        for (int i = 0; i < count; i++) {
            entry();
        }
    }

    private void head() throws InterruptedException, CopyText.Unexpected {
        for (byte expected : MAGIC) {
            expect(expected, "magic");
        }
        expect(1, "version");
        minor = in.next();
        in.next();
        intBytes = in.next();
        offsetBytes = in.next();
        if (minor < VERSION_1_14 || minor > VERSION_1_16 || intBytes != Integer.BYTES || offsetBytes > Long.BYTES) {
            throw new CopyText.Unexpected("an archive of version 1." + minor);
        }
        expect(FORMAT_CUSTOM, "format");
        if ((minor >= VERSION_1_15 ? in.next() : integer()) != 0) {
            throw new CopyText.Unexpected("a compressed archive");
        }
        for (int i = 0; i < TIME_FIELDS; i++) {
            integer();
        }
        // The database's name, the server's and pg_dump's versions.
        skipText();
        skipText();
        skipText();
    }

    private void entry() throws InterruptedException, CopyText.Unexpected {
        int id = integer();
        integer();
        skipText();
        byte[] oid = text();
        skipText();
        byte[] kind = text();
        integer();
        skipText();
        skipText();
        byte[] copy = text();
        skipText();
        skipText();
        skipText();
        if (minor >= VERSION_1_16) {
            integer();
        }
        skipText();
        skipText();
        skipDependencies();
        in.read(1L + offsetBytes, (bytes, from, to) -> {});
        CopyStatement statement = copy == null ? null : CopyStatement.parse(copy);
        if (statement != null && oid != null && kind != null && latin(kind).equals("TABLE DATA")) {
            entries.put(id, new Entry(Long.parseLong(latin(oid)), statement));
        }
    }

    private void skipDependencies() throws InterruptedException, CopyText.Unexpected {
        while (text() != null) {
            // Object ids.
        }
    }

    private void data(@Nullable Entry entry, BiConsumer<Long, RowsInDump.Rows> found)
            throws InterruptedException, CopyText.Unexpected {
        if (entry == null) {
            skipChunks();
            return;
        }
        CopyText text = new CopyText(entry.copy().order());
        for (int length = integer(); length != 0; length = integer()) {
            in.read(positive(length), text::add);
        }
        if (text.ended()) {
            found.accept(entry.oid(), new RowsInDump.Rows(entry.copy().columns(), text.rows(), text.digest()));
        }
    }

    private void skipLargeObjects() throws InterruptedException, CopyText.Unexpected {
        while (integer() != 0) {
            skipChunks();
        }
    }

    private void skipChunks() throws InterruptedException, CopyText.Unexpected {
        for (int length = integer(); length != 0; length = integer()) {
            in.read(positive(length), (bytes, from, to) -> {});
        }
    }

    private static int positive(int length) throws CopyText.Unexpected {
        if (length < 0) {
            throw new CopyText.Unexpected("a negative length");
        }
        return length;
    }

    /** A sign, then the bytes from the lowest on. */
    private int integer() throws InterruptedException, CopyText.Unexpected {
        int sign = in.next();
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value |= in.next() << (8 * i);
        }
        return sign == 0 ? value : -value;
    }

    private byte @Nullable [] text() throws InterruptedException, CopyText.Unexpected {
        int length = integer();
        if (length == -1) {
            return null;
        }
        if (positive(length) > LONGEST_TEXT) {
            throw new CopyText.Unexpected("a text of " + length + " bytes");
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream(Math.min(length, 1 << 16));
        in.read(length, (bytes, from, to) -> text.write(bytes, from, to - from));
        return text.toByteArray();
    }

    private void skipText() throws InterruptedException, CopyText.Unexpected {
        int length = integer();
        if (length != -1) {
            in.read(positive(length), (bytes, from, to) -> {});
        }
    }

    private void expect(int expected, String what) throws InterruptedException, CopyText.Unexpected {
        if (in.next() != expected) {
            throw new CopyText.Unexpected("another " + what);
        }
    }

    private static String latin(byte[] text) {
        return new String(text, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
