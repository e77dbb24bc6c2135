package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where backups are kept. */
public sealed interface StorePlan {
    String name();

    /** A folder. {@code path} is absolute; made when missing. */
    record Directory(String name, Path path) implements StorePlan {
        public Directory {
            Names.require(name);
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("Not an absolute path: " + path);
            }
        }
    }

    /**
     * An S3-compatible bucket. Credentials: {@code credentialsFile} (AWS credentials file format, profile
     * {@code default}), else the AWS SDK's default chain.
     *
     * @param prefix without leading or trailing slash; may be empty
     * @param endpoint absent: AWS itself
     */
    record S3(
            String name,
            String bucket,
            String prefix,
            String region,
            Optional<URI> endpoint,
            boolean pathStyle,
            Optional<Path> credentialsFile)
            implements StorePlan {
        public S3 {
            Names.require(name);
            if (bucket.isBlank() || prefix.startsWith("/") || prefix.endsWith("/")) {
                throw new IllegalArgumentException("Not a place in a bucket: '%s' '%s'".formatted(bucket, prefix));
            }
        }
    }
}
