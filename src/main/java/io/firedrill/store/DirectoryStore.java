package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Objects as files below one folder, a key being the path. Being written they lie in {@code .unfinished}, on the same file
 * system, and are linked to their key when whole and on disk. A folder ending in {@value Keyspace#TREE} is a snapshot
 * of files, read and written by file tools through {@link #folder}; it is listed as one object of 0 bytes.
 */
public final class DirectoryStore implements Store {
    static final String UNFINISHED = ".unfinished";

    private final String name;
    private final Path root;
    private final StoreMark mark;

    DirectoryStore(String name, Path root) {
        this(name, root, Optional.empty());
    }

    /** @param memory where this host remembers that it has seen the store, see {@link StoreMark} */
    DirectoryStore(String name, Path root, Optional<Path> memory) {
        this.name = name;
        this.root = root.toAbsolutePath().normalize();
        this.mark = new StoreMark(this, this.root, memory);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String address() {
        return root.toString();
    }

    /** Where a snapshot of files with this key (ending in {@value Keyspace#TREE}) lies or will lie. */
    public Path folder(String key) {
        if (!key.endsWith(Keyspace.TREE)) {
            throw new IllegalArgumentException("not a snapshot's key: " + key);
        }
        there(key);
        return path(key);
    }

    /** A folder that does not exist yet is ready when it has never been seen: it is made with the first object. */
    @Override
    public void requireReady() {
        there("the folder");
        if (Files.exists(root) && !Files.isWritable(root)) {
            throw Trouble.refused("the folder of store %s (%s)".formatted(name, root), "it cannot be written to").lasting();
        }
    }

    private void there(String key) {
        try {
            mark.requireThere();
        } catch (IOException e) {
            throw trouble(key, e);
        }
    }

    @Override
    public ObjectSink create(String key) {
        Path target = path(key);
        try {
            mark.make();
            Files.createDirectories(unfinished());
            return new DirectorySink(this, key, unfinished().resolve(UUID.randomUUID().toString()), target);
        } catch (IOException e) {
            throw trouble(key, e);
        }
    }

    @Override
    public InputStream open(String key) {
        there(key);
        try {
            return new ReportingStream(Files.newInputStream(path(key)), e -> trouble(key, e));
        } catch (IOException e) {
            throw trouble(key, e);
        }
    }

    @Override
    public Optional<StoredObject> head(String key) {
        there(key);
        try {
            var attributes = Files.readAttributes(path(key), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(key)
                    .filter(k -> attributes.isRegularFile() || k.endsWith(Keyspace.TREE))
                    .map(k -> object(k, attributes));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw trouble(key, e);
        }
    }

    @Override
    public List<StoredObject> list(String prefix) {
        there(prefix);
        int slash = prefix.lastIndexOf('/');
        Path from = slash < 0 ? root : path(prefix.substring(0, slash));
        List<StoredObject> found = new ArrayList<>();
        if (Files.isDirectory(from)) {
            try {
                Files.walkFileTree(from, new Collector(found));
            } catch (IOException e) {
                throw trouble(prefix, e);
            }
        }
        return found.stream()
                .filter(object -> object.key().startsWith(prefix))
                .sorted(Comparator.comparing(StoredObject::key))
                .toList();
    }

    @Override
    public void delete(String key) {
        Path path = path(key);
        try {
            if (key.endsWith(Keyspace.TREE)) {
                Trees.remove(path, unfinished());
            } else {
                Files.deleteIfExists(path);
            }
            removeEmptyFolders(path.getParent());
        } catch (IOException e) {
            throw trouble(key, e);
        }
    }

    @Override
    public void removeUnfinished(Instant startedBefore) {
        if (!Files.isDirectory(unfinished())) {
            return;
        }
        try (Stream<Path> left = Files.list(unfinished())) {
            for (Path path : left.toList()) {
                if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(startedBefore)) {
                    Trees.remove(path, unfinished());
                }
            }
        } catch (IOException e) {
            throw trouble(UNFINISHED, e);
        }
    }

    @Override
    public void close() {
        // Holds nothing open.
    }

    FailureException trouble(String key, IOException e) {
        return DirectoryTrouble.of(this, key, e);
    }

    private Path unfinished() {
        return root.resolve(UNFINISHED);
    }

    private Path path(String key) {
        Path path = root.resolve(key).normalize();
        if (key.isEmpty() || key.startsWith("/") || !path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return path;
    }

    private static StoredObject object(String key, BasicFileAttributes attributes) {
        return new StoredObject(key, attributes.isRegularFile() ? attributes.size() : 0);
    }

    /** A backup that is gone leaves no empty folders; another writer's new object in one just keeps it. */
    private void removeEmptyFolders(Path folder) throws IOException {
        for (Path f = folder; !f.equals(root); f = f.getParent()) {
            try {
                Files.deleteIfExists(f);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    private final class Collector extends SimpleFileVisitor<Path> {
        private final List<StoredObject> found;

        Collector(List<StoredObject> found) {
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
            String last = dir.getFileName().toString();
            if (last.endsWith(Keyspace.TREE)) {
                found.add(object(key(dir), attributes));
                return FileVisitResult.SKIP_SUBTREE;
            }
            return last.equals(UNFINISHED) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!file.getParent().equals(root) || !file.getFileName().toString().startsWith(".")) {
                found.add(object(key(file), attributes));
            }
            return FileVisitResult.CONTINUE;
        }

        /** Another process may remove a backup while this one lists. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }

        private String key(Path path) {
            return root.relativize(path).toString();
        }
    }
}
