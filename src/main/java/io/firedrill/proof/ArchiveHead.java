package io.firedrill.proof;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The beginning of a custom archive that streams past, up to its first block of data: an archive of its own for programs
 * that want no data, and unlike the stream one that can be read by several at a time.
 */
public final class ArchiveHead implements AutoCloseable {
    private final BlockQueue blocks = new BlockQueue();
    private final CompletableFuture<Optional<byte[]>> head = new CompletableFuture<>();

    private ArchiveHead() {}

    public static ArchiveHead listening() {
        ArchiveHead head = new ArchiveHead();
        Thread.ofPlatform().daemon().name("archive-head").start(head::listen);
        return head;
    }

    private void listen() {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        Optional<byte[]> whole = Optional.empty();
        try {
            new CustomArchive(new BlockReader(blocks, copy)).tableOfContents();
            whole = Optional.of(copy.toByteArray());
        } catch (InterruptedException | CopyText.Unexpected e) {
            // Of a version that is not known here: whoever wants the head does without.
        } finally {
            blocks.abandon();
            head.complete(whole);
        }
    }

    /** What is written to the result goes to {@code out} and is listened to; the archive from its first byte on. */
    public OutputStream before(OutputStream out) {
        return blocks.before(out);
    }

    /** Once the archive streamed past; empty when its version is not known. */
    public Optional<byte[]> await() {
        blocks.end();
        return head.join();
    }

    @Override
    public void close() {
        blocks.abandon();
    }
}
