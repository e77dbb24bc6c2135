package io.firedrill.failure;

import io.firedrill.tool.Command;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of its own (tmpfs), small enough to be filled for real. Only root may mount one. */
public record SmallDisk(Path mounted) implements AutoCloseable {
    public static SmallDisk mount(Path at, String size) throws IOException {
        Files.createDirectories(at);
        Command.Result<String> mount =
                Command.of("mount", "-t", "tmpfs", "-o", "mode=755,size=" + size, "none", at.toString()).run();
        if (!mount.succeeded()) {
            throw new IOException("A disk that can be filled needs root: " + mount.stderr());
        }
        return new SmallDisk(at);
    }

    private Path filler() {
        return mounted.resolve("filler");
    }

    /** Writes until no more than so many bytes are free. */
    public void fillUpTo(long bytesLeft) {
        byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (Files.getFileStore(mounted).getUsableSpace() >= bytesLeft + block.length) {
                out.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Command.of("umount", "--lazy", mounted.toString()).run();
    }
}
