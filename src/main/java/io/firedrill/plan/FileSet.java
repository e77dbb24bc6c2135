package io.firedrill.plan;

import java.nio.file.Path;

/** A folder that is backed up and restored as a whole. {@code path} is absolute and not the root. */
public record FileSet(String name, Path path) {
    public FileSet {
        Names.require(name);
        if (!path.isAbsolute() || path.getParent() == null) {
            throw new IllegalArgumentException("Not an absolute path inside another folder: " + path);
        }
    }
}
