package io.firedrill.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One part of an upload while it is filled and sent, to be sent again if need be. In memory up to 16 MiB; larger parts,
 * which only objects of more than 18 GiB have, wait in a temporary file, so that memory does not grow with the backup.
 * What is in it is sealed already.
 */
final class PartBuffer implements AutoCloseable {
    static final int IN_MEMORY = 16 * PartSizes.MIB;
    private static final int FIRST = 1 << 16;

    private final int capacity;
    private final @Nullable Path file;
    private final @Nullable OutputStream toFile;
    private byte[] memory = new byte[0];
    private int size;

    /** @param inMemory parts up to this many bytes stay in memory */
    PartBuffer(int capacity, int inMemory) {
        this.capacity = capacity;
        try {
            this.file = capacity > inMemory ? Files.createTempFile("firedrill-part", ".sealed") : null;
            this.toFile = file == null ? null : Files.newOutputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes as many bytes as fit and tells how many. */
    int take(byte[] source, int offset, int length) {
        int n = Math.min(length, capacity - size);
        if (toFile != null) {
            try {
                toFile.write(source, offset, n);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            makeRoom(size + n);
            System.arraycopy(source, offset, memory, size, n);
        }
        size += n;
        return n;
    }

    private void makeRoom(int needed) {
        if (needed > memory.length) {
            memory = Arrays.copyOf(memory, Math.min(capacity, Math.max(Math.max(needed, FIRST), 2 * memory.length)));
        }
    }

    boolean full() {
        return size == capacity;
    }

    int size() {
        return size;
    }

    int bytesInMemory() {
        return memory.length;
    }

    /** May be asked for again and again, by any thread, once filling has ended. */
    InputStream content() {
        try {
            return file == null ? new ByteArrayInputStream(memory, 0, size) : Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] md5() {
        try (InputStream in = content()) {
            MessageDigest md5 = Digested.md5();
            byte[] chunk = new byte[FIRST];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                md5.update(chunk, 0, n);
            }
            return md5.digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        memory = new byte[0];
        try {
            if (toFile != null && file != null) {
                toFile.close();
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
