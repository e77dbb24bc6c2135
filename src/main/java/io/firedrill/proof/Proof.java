package io.firedrill.proof;

import java.util.List;

/**
 * The result of holding a restored copy against what its backup recorded.
 *
 * @param differences what differs, most important first, at most 50; empty exactly when proven
 * @param tables tables compared equal; {@code files} files compared equal
 */
public record Proof(boolean proven, long tables, long rows, long files, long bytes, List<String> differences) {}
