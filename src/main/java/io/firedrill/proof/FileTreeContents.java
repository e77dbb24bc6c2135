package io.firedrill.proof;

/**
 * What a folder holds.
 *
 * @param files regular files; {@code others} directories, symbolic links and the like
 * @param bytes sum of the regular files' sizes
 * @param digest SHA-256 over the sorted listing (path, type, mode, size, SHA-256 of content or link target)
 */
public record FileTreeContents(long files, long others, long bytes, String digest) {}
