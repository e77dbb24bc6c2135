package io.firedrill.plan;

import java.nio.file.Path;

/** A folder that is backed up and restored as a whole. {@code path} is absolute. */
public record FileSet(String name, Path path) {}
