package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Backups are sealed in the age format (C2SP age.md), so that the stock {@code age} program opens them. At least one of
 * both is there; with both, either opens every backup.
 *
 * @param keyFile absolute; an age identity file ({@code AGE-SECRET-KEY-1…}, comments with #) readable by its owner only
 * @param kms a key management service that wraps a fresh age identity for each backup
 */
public record EncryptionPlan(Optional<Path> keyFile, Optional<Kms> kms) {
    public EncryptionPlan {
        keyFile.filter(file -> !file.isAbsolute()).ifPresent(file -> {
            throw new IllegalArgumentException("Not an absolute path: " + file);
        });
        if (keyFile.isEmpty() && kms.isEmpty()) {
            throw new IllegalArgumentException("Neither a key file nor a key management service");
        }
    }

    public EncryptionPlan(Path keyFile) {
        this(Optional.of(keyFile), Optional.empty());
    }

    /**
     * A symmetric key of AWS KMS. Credentials: {@code credentialsFile} (AWS credentials file format, profile
     * {@code default}), else the AWS SDK's default chain.
     *
     * @param keyId the key's id, ARN or {@code alias/NAME}
     * @param endpoint absent: AWS itself
     */
    public record Kms(String keyId, String region, Optional<URI> endpoint, Optional<Path> credentialsFile) {}
}
