package io.firedrill.physical;

import io.firedrill.failure.Failure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What every block of every file of a base backup is: for each file its path (a length of two bytes, then UTF-8), its size
 * (eight bytes, most significant first) and, for each {@value #BLOCK} bytes of it, the first {@value #DIGEST} bytes of
 * their SHA-256. While it is read it lies in a temporary file, so that memory does not grow with the server.
 */
public final class BlockMap implements AutoCloseable {
    public static final int BLOCK = 1 << 16;
    static final int DIGEST = 16;
    private static final int BUFFER = 1 << 16;

    private final Path spool;
    private final FileChannel channel;
    private final Map<String, Place> places = new HashMap<>();

    private record Place(long at, long bytes) {}

    private BlockMap(Path spool, FileChannel channel) {
        this.spool = spool;
        this.channel = channel;
    }

    static int blocks(long bytes) {
        return Math.toIntExact((bytes + BLOCK - 1) / BLOCK);
    }

    /** One file: its size and the digests of its blocks, one after the other. */
    record Entry(long bytes, byte[] digests) {
        boolean same(int block, byte[] digest) {
            return block < blocks(bytes)
                    && java.util.Arrays.equals(digests, block * DIGEST, (block + 1) * DIGEST, digest, 0, DIGEST);
        }
    }

    /** Writes one; by several threads, a file at a time. */
    public static final class Writer {
        private final DataOutputStream out;

        public Writer(OutputStream out) {
            this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER));
        }

        synchronized void file(String path, long bytes, byte[] digests) throws IOException {
            out.writeUTF(path);
            out.writeLong(bytes);
            out.write(digests, 0, blocks(bytes) * DIGEST);
        }

        public synchronized void finish() throws IOException {
            out.flush();
        }
    }

    /** Reads to the end. What is no such map is the lasting failure {@code base-backup-damaged}. */
    public static BlockMap read(InputStream from) throws IOException {
        Path spool = Files.createTempFile("firedrill-blocks", ".map");
        BlockMap map = new BlockMap(spool, FileChannel.open(spool, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(spool), BUFFER)) {
            map.take(new DataInputStream(new BufferedInputStream(from, BUFFER)), out);
            return map;
        } catch (IOException | RuntimeException e) {
            map.close();
            throw e;
        }
    }

    private void take(DataInputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long at = 0;
        try {
            while (true) {
                in.mark(1);
                if (in.read() < 0) {
                    return;
                }
                in.reset();
                String path = in.readUTF();
                long bytes = in.readLong();
                places.put(path, new Place(at, bytes));
                for (long left = (long) blocks(bytes) * DIGEST; left > 0; ) {
                    int n = (int) Math.min(left, buffer.length);
                    in.readFully(buffer, 0, n);
                    out.write(buffer, 0, n);
                    left -= n;
                    at += n;
                }
            }
        } catch (EOFException | ArithmeticException e) {
            throw BackupManifest.damaged("The map of its blocks ends in the middle.");
        }
    }

    /** By path in the data folder. */
    public Set<String> paths() {
        return Collections.unmodifiableSet(places.keySet());
    }

    Optional<Entry> file(String path) {
        return Optional.ofNullable(places.get(path)).map(place -> {
            ByteBuffer digests = ByteBuffer.allocate(blocks(place.bytes()) * DIGEST);
            try {
                while (digests.hasRemaining() && channel.read(digests, place.at() + digests.position()) >= 0) {
                    // Until all of it is there.
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Entry(place.bytes(), digests.array());
        });
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(spool);
        } catch (IOException e) {
            throw new Failure("temporary-folder", "The temporary file %s cannot be removed: %s".formatted(spool, e.getMessage()),
                            "It holds digests only.", "Remove it by hand.")
                    .lasting(e);
        }
    }
}
