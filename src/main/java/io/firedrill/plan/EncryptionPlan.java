package io.firedrill.plan;

import java.nio.file.Path;

/**
 * Backups are sealed in the age format (C2SP age.md), so that the stock {@code age} program opens them.
 *
 * @param keyFile absolute; an age identity file ({@code AGE-SECRET-KEY-1…}, comments with #) readable by its owner only
 */
public record EncryptionPlan(Path keyFile) {
    public EncryptionPlan {
        if (!keyFile.isAbsolute()) {
            throw new IllegalArgumentException("Not an absolute path: " + keyFile);
        }
    }
}
