package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
     * @param sse absent: as the bucket is set
     * @param lock absent: objects can be removed at any time
     */
    record S3(
            String name,
            String bucket,
            String prefix,
            String region,
            Optional<URI> endpoint,
            boolean pathStyle,
            Optional<Path> credentialsFile,
            Optional<Sse> sse,
            Optional<Lock> lock)
            implements StorePlan {
        public S3 {
            Names.require(name);
            requirePlace(bucket, prefix);
        }

        /** Without server-side encryption and lock. */
        public S3(
                String name,
                String bucket,
                String prefix,
                String region,
                Optional<URI> endpoint,
                boolean pathStyle,
                Optional<Path> credentialsFile) {
            this(name, bucket, prefix, region, endpoint, pathStyle, credentialsFile, Optional.empty(), Optional.empty());
        }

        public S3 with(Sse encryption) {
            return new S3(name, bucket, prefix, region, endpoint, pathStyle, credentialsFile, Optional.of(encryption), lock);
        }

        public S3 with(Lock locking) {
            return new S3(name, bucket, prefix, region, endpoint, pathStyle, credentialsFile, sse, Optional.of(locking));
        }
    }

    /**
     * A Google Cloud Storage bucket, through its S3-compatible XML API.
     *
     * @param prefix without leading or trailing slash; may be empty
     * @param endpoint {@code https://storage.googleapis.com} or a private one
     * @param credentialsFile AWS credentials file format, profile {@code default}: an HMAC key's access id and secret
     */
    record Gcs(String name, String bucket, String prefix, URI endpoint, Path credentialsFile) implements StorePlan {
        public static final URI PUBLIC_ENDPOINT = URI.create("https://storage.googleapis.com");

        public Gcs {
            Names.require(name);
            requirePlace(bucket, prefix);
        }
    }

    /**
     * The server encrypts what it stores, besides our own sealing.
     *
     * @param algorithm {@code AES256} or {@code aws:kms}
     * @param keyId with {@code aws:kms}: the key's id or ARN; absent: the account's default
     */
    record Sse(String algorithm, Optional<String> keyId) {
        public Sse {
            if (!algorithm.equals("AES256") && !algorithm.equals("aws:kms") || keyId.isPresent() && algorithm.equals("AES256")) {
                throw new IllegalArgumentException("Not a server-side encryption: " + algorithm + " " + keyId);
            }
        }
    }

    /**
     * Nobody can remove or change an object before its time is over.
     *
     * @param time from the moment an object is written
     */
    record Lock(Duration time, Mode mode) {
        public Lock {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("Not a time to lock for: " + time);
            }
        }

        /** Who may undo it: nobody at all, or whoever has the permission to bypass it. */
        public enum Mode {
            COMPLIANCE,
            GOVERNANCE
        }
    }

    private static void requirePlace(String bucket, String prefix) {
        if (bucket.isBlank() || prefix.startsWith("/") || prefix.endsWith("/")) {
            throw new IllegalArgumentException("Not a place in a bucket: '%s' '%s'".formatted(bucket, prefix));
        }
    }
}
