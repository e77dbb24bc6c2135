package io.firedrill.proof;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of a {@link BlockQueue} one after the other. */
final class BlockReader {
    private final BlockQueue queue;
    private final @Nullable ByteArrayOutputStream copy;
    private BlockQueue.@Nullable Block block;
    private int at;

    BlockReader(BlockQueue queue) {
        this(queue, null);
    }

    /** @param copy gets all that is read */
    BlockReader(BlockQueue queue, @Nullable ByteArrayOutputStream copy) {
        this.queue = queue;
        this.copy = copy;
    }

    /** Takes a piece of what was asked for. */
    @FunctionalInterface
    interface Pieces {
        void take(byte[] bytes, int from, int to) throws CopyText.Unexpected;
    }

    /** Whether anything is left. */
    boolean more() throws InterruptedException {
        while (block == null || at == block.length()) {
            block = queue.next(block);
            at = 0;
            if (block == null) {
                return false;
            }
        }
        return true;
    }

    /** 0 to 255. */
    int next() throws InterruptedException, CopyText.Unexpected {
        int value = current().bytes()[at++] & 0xff;
        if (copy != null) {
            copy.write(value);
        }
        return value;
    }

    void read(long length, Pieces pieces) throws InterruptedException, CopyText.Unexpected {
        for (long left = length; left > 0; ) {
            BlockQueue.Block current = current();
            int n = (int) Math.min(left, current.length() - at);
            pieces.take(current.bytes(), at, at + n);
            if (copy != null) {
                copy.write(current.bytes(), at, n);
            }
            at += n;
            left -= n;
        }
    }

    private BlockQueue.Block current() throws InterruptedException, CopyText.Unexpected {
        BlockQueue.Block current = more() ? block : null;
        if (current == null) {
            throw new CopyText.Unexpected("the archive breaks off");
        }
        return current;
    }
}
