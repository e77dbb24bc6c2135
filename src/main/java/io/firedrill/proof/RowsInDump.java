package io.firedrill.proof;

import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * Counts and digests the rows in pg_dump's archive while it streams past, so that a backup reads each table once. It only
 * listens: whatever it does not understand it leaves out, and who needs that table measures it in the database.
 */
public final class RowsInDump implements AutoCloseable {
    private final BlockQueue blocks = new BlockQueue();
    private final Map<Long, Rows> found = new ConcurrentHashMap<>();
    private final CompletableFuture<Map<Long, Rows>> all = new CompletableFuture<>();

    private RowsInDump() {}

    /** @param columns how many the text had */
    record Rows(int columns, long rows, String digest) {}

    public static RowsInDump listening() {
        RowsInDump rows = new RowsInDump();
        Thread.ofPlatform().daemon().name("rows-in-dump").start(rows::listen);
        return rows;
    }

    private void listen() {
        try {
            new CustomArchive(new BlockReader(blocks)).read(found::put);
        } catch (InterruptedException | CopyText.Unexpected e) {
            // What was whole before counts; the rest is measured in the database.
        } finally {
            blocks.abandon();
            all.complete(found);
        }
    }

    /** What is written to the result goes to {@code out} and is listened to; the archive from its first byte on. */
    public OutputStream before(OutputStream out) {
        return blocks.before(out);
    }

    /** The archive is whole. */
    public void end() {
        blocks.end();
    }

    /** By the object id of the table: those that are certain. Waits until the archive ended. */
    Map<Long, Rows> await() throws InterruptedException {
        try {
            return all.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends the listening, whether the archive came whole or broke off. */
    @Override
    public void close() {
        blocks.abandon();
    }
}
