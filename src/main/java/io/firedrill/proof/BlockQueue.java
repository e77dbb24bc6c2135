package io.firedrill.proof;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands a stream of bytes from the thread it passes through to the one thread that reads it, in blocks that are used
 * again. At most {@value #BLOCKS} blocks wait; then the writer does. A reader that gave up costs the writer nothing more.
 */
final class BlockQueue {
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int BLOCKS = 16;
    private static final long LOOK_MILLIS = 100;
    private static final Block END = new Block(new byte[0], 0);

    private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<byte[]> empty = new ArrayBlockingQueue<>(BLOCKS);
    private volatile boolean abandoned;
    private byte[] filling = new byte[BLOCK_BYTES];
    private int filled;

    /** Only the first {@code length} bytes count. */
    record Block(byte[] bytes, int length) {}

    /** What is written to the result goes here and to {@code out}. */
    OutputStream before(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                BlockQueue.this.write(bytes, offset, length);
                out.write(bytes, offset, length);
            }
        };
    }

    /** Called by the writing thread only; the bytes are copied. */
    void write(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length && !abandoned; ) {
            int n = Math.min(length - done, BLOCK_BYTES - filled);
            System.arraycopy(bytes, offset + done, filling, filled, n);
            filled += n;
            done += n;
            if (filled == BLOCK_BYTES) {
                pass(new Block(filling, filled));
                byte[] used = empty.poll();
                filling = used == null ? new byte[BLOCK_BYTES] : used;
                filled = 0;
            }
        }
    }

    /** No more comes. */
    void end() {
        pass(new Block(filling, filled));
        pass(END);
    }

    private void pass(Block block) {
        try {
            while (!abandoned && !full.offer(block, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // The reader is behind.
            }
        } catch (InterruptedException e) {
            abandoned = true;
            Thread.currentThread().interrupt();
        }
    }

    /** The next block, or null after the last; {@code used} is the one before, not to be touched any more. */
    @Nullable Block next(@Nullable Block used) throws InterruptedException {
        if (used != null) {
            empty.offer(used.bytes());
        }
        Block block = full.take();
        return block == END ? null : block;
    }

    /** Nobody reads any more. */
    void abandon() {
        abandoned = true;
        full.clear();
        // For a reader that waits; nothing is left in the way of it.
        full.offer(END);
    }
}
