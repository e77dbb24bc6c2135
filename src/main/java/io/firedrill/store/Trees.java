package io.firedrill.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** Removes whole folders. */
final class Trees {
    private Trees() {}

    /**
     * Moves it out of sight first, so that nobody meets a half-removed one. Files in it may be hard-linked from other
     * snapshots: their names go, their content and attributes are never touched.
     */
    static void remove(Path tree, Path trash) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path doomed = tree;
        if (!tree.startsWith(trash)) {
            open(tree);
            Files.createDirectories(trash);
            doomed = Files.move(tree, trash.resolve(UUID.randomUUID().toString()));
        }
        delete(doomed);
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            open(path);
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** A folder kept with its own permissions may forbid even its owner to remove what is in it. */
    private static void open(Path path) throws IOException {
        boolean closed = !Files.isWritable(path) || !Files.isExecutable(path) || !Files.isReadable(path);
        if (closed && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
