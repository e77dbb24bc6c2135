package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Whether a folder can be swapped by renames, asked before anybody is asked to approve it. */
final class FilesPreflight {
    private static final String NOTHING = "Nothing was changed.";

    private final String name;
    private final Path path;
    private final FileTreeContents contents;

    /** {@code name}: the plan's name of the file set. */
    FilesPreflight(String name, Path path, FileTreeContents contents) {
        this.name = name;
        this.path = path;
        this.contents = contents;
    }

    /** Lasting failures {@code unwritable-parent}, {@code path-is-link}, {@code path-is-mount}, {@code target-disk-full}. */
    Preflight run(long readBytes) {
        Path parent = Objects.requireNonNullElse(path.getParent(), path);
        if (!Files.isDirectory(parent) || !Files.isWritable(parent)) {
            throw new Failure("unwritable-parent",
                            "The user that runs Firedrill cannot write to %s.".formatted(parent), NOTHING,
                            "The restored folder is made there and swapped by rename: give that right, then try again.")
                    .lasting();
        }
        if (Files.isSymbolicLink(path)) {
            throw new Failure("path-is-link", "%s is a symbolic link.".formatted(path), NOTHING,
                            "Name the folder that it points to in the plan.")
                    .lasting();
        }
        try {
            mount(parent);
            long free = space(parent);
            return new Preflight(name, parent.toString(), readBytes, contents.bytes(), free, Files.getFileStore(parent).toString(),
                    List.of("it can be renamed where it is, and its folder can be written to"));
        } catch (IOException e) {
            throw new Failure("unreadable-file", "%s cannot be looked at: %s.".formatted(path, e), NOTHING,
                            "See whether its disk is well and mounted, then try again.")
                    .lasting(e);
        }
    }

    private void mount(Path parent) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && !Files.getAttribute(path, "unix:dev").equals(Files.getAttribute(parent, "unix:dev"))) {
            throw new Failure("path-is-mount", "%s is a mount point, which cannot be renamed.".formatted(path), NOTHING,
                            "Name a folder below it instead.")
                    .lasting();
        }
    }

    private long space(Path parent) throws IOException {
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < contents.bytes()) {
            throw new Failure("target-disk-full",
                            "%s has %s free; restoring beside the damaged folder needs %s.".formatted(
                                    parent, Words.bytes(free), Words.bytes(contents.bytes())),
                            "There is no room for both; nothing was changed.", "Free space, then try again.")
                    .lasting();
        }
        return free;
    }
}
