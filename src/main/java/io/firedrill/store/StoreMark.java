package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Tells a folder store from the empty mount point it is mounted on: the store carries a file with its own id, and this
 * host remembers the ids it has seen. A store without the file that was seen before is not there, however empty and
 * inviting the folder looks.
 */
final class StoreMark {
    static final String NAME = ".firedrill-store";

    private final DirectoryStore store;
    private final Path mark;
    private final Optional<Path> memory;

    /** @param memory this host's file for this store, made when the store is first written to or seen; empty: none */
    StoreMark(DirectoryStore store, Path root, Optional<Path> memory) {
        this.store = store;
        this.mark = root.resolve(NAME);
        this.memory = memory;
    }

    /** Passing failure {@code store-not-mounted}. */
    void requireThere() throws IOException {
        Optional<String> here = read(mark);
        Optional<String> known = memory.isPresent() ? read(memory.get()) : Optional.empty();
        if (known.isPresent() && here.isEmpty()) {
            throw notMounted("the file %s is missing in it, which was there before".formatted(NAME));
        }
        if (known.isPresent() && !known.equals(here)) {
            throw notMounted("another store is there (%s says %s, it was %s)".formatted(NAME, here.get(), known.get()));
        }
        if (here.isPresent() && known.isEmpty() && memory.isPresent()) {
            write(memory.get(), here.get());
        }
    }

    /** Before the first object: from then on the folder is known to be this store. */
    void make() throws IOException {
        requireThere();
        if (read(mark).isEmpty()) {
            write(mark, UUID.randomUUID().toString());
            requireThere();
        }
    }

    private static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    /** Two writers at the same time: the first one's id stays. */
    private static void write(Path file, String id) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path whole = Files.createTempFile(file.toAbsolutePath().getParent(), ".mark", "");
        try {
            Files.writeString(whole, id + "\n", StandardOpenOption.SYNC);
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            // Fine: there is one.
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without hard links.
            Files.move(whole, file);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private FailureException notMounted(String why) {
        return new Failure(
                        "store-not-mounted",
                        "Store %s (%s) is not there: %s.".formatted(store.name(), store.address(), why),
                        "Nothing was written or read there; what is in the store is untouched, and other stores are used.",
                        "Mount it. If that store is gone for good, or was replaced on purpose, remove "
                                + memory.map(Path::toString).orElse("what remembers it") + ".")
                .passing();
    }
}
