package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** Whether a folder can be swapped by renames, asked before anybody is asked to approve it. */
final class FilesPreflight {
    private static final String NOTHING = "Nothing was changed.";

    private final Path path;
    private final FileTreeContents contents;

    FilesPreflight(Path path, FileTreeContents contents) {
        this.path = path;
        this.contents = contents;
    }

    /** Lasting failures {@code unwritable-parent}, {@code path-is-link}, {@code path-is-mount}, {@code target-disk-full}. */
    void run() {
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
            space(parent);
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
                            "Name a folder below it in the plan.")
                    .lasting();
        }
    }

    private void space(Path parent) throws IOException {
        long free = Files.getFileStore(parent).getUsableSpace();
        if (free < contents.bytes()) {
            throw new Failure("target-disk-full",
                            "%s has %s free; restoring beside the damaged folder needs %s.".formatted(
                                    parent, Words.bytes(free), Words.bytes(contents.bytes())),
                            "There is no room for both; nothing was changed.", "Free space, then try again.")
                    .lasting();
        }
    }
}
