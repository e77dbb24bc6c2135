package io.firedrill.physical;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * As its parent, on the way into an incremental base backup: of files that the full one has, only the blocks that differ go
 * on, as members {@code firedrill_pieces/PATH@OFFSET}; everything else goes on as it is.
 */
public final class ChangedFiles extends ServerFiles {
    /** Where pieces of files lie in the archive, and until they are put together in the data folder. */
    static final String PIECES = "firedrill_pieces";

    private static final int LONGEST_PIECE = 16 * BlockMap.BLOCK;
    private static final int LONGEST_OFFSET = 13;
    private static final String WAL = "pg_wal/";

    private final BlockMap full;
    private final TarWriter out;
    private final String inFolder;
    private final byte[] changed = new byte[LONGEST_PIECE];
    private int length;
    private int inBlock;
    private long offset;
    private long bytes;
    private BlockMap.@Nullable Entry before;
    private byte[] header = new byte[0];

    /** @param folder as in {@link ServerFiles} */
    public ChangedFiles(String folder, BlockMap full, OutputStream out, BlockMap.Writer map, Received received) {
        super(folder, map, received);
        this.inFolder = folder;
        this.full = full;
        this.out = new TarWriter(out);
    }

    @Override
    public void header(byte[] block, boolean file) throws IOException {
        header = block;
        if (!file) {
            out.header(block);
        }
    }

    @Override
    public void begin(String name, long size) throws IOException {
        super.begin(name, size);
        bytes = size;
        length = 0;
        inBlock = 0;
        offset = 0;
        boolean pieces = size > 0 && !path().startsWith(WAL) && TarWriter.fits(name + "/" + PIECES + "@".repeat(LONGEST_OFFSET));
        before = pieces ? full.file(path()).orElse(null) : null;
        if (before == null && (size > 0 || full.file(path()).isEmpty())) {
            out.header(header);
        }
    }

    @Override
    void piece(byte[] buffer, int from, int n) throws IOException {
        if (before == null) {
            out.data(buffer, from, n);
            return;
        }
        System.arraycopy(buffer, from, changed, length + inBlock, n);
        inBlock += n;
    }

    @Override
    void block(int number, byte[] digest) throws IOException {
        if (before == null) {
            return;
        }
        if (before.same(number, digest)) {
            flush();
            offset = (long) (number + 1) * BlockMap.BLOCK;
        } else {
            length += inBlock;
        }
        inBlock = 0;
        if (length == LONGEST_PIECE) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (length > 0) {
            String name = path().substring(inFolder.length());
            out.file("%s/%s@%d".formatted(PIECES, name, offset), changed, length);
            offset += length;
            length = 0;
        }
    }

    @Override
    public void end() throws IOException {
        super.end();
        if (before == null) {
            out.pad(bytes);
        } else {
            flush();
        }
    }

    /** After the last file. */
    public void finish() throws IOException {
        out.end();
    }
}
