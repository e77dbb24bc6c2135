package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.plan.StorePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Clients set so that AWS itself and the many look-alikes understand them: no chunked signing and no trailing checksums
 * (our own digests and Content-MD5 guard what is sent and read).
 */
final class S3Clients {
    private S3Clients() {}

    static S3Client open(StorePlan.S3 plan) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(plan.region()))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .credentialsProvider(plan.credentialsFile().map(S3Clients::fromFile).orElseGet(S3Clients::fromEnvironment))
                .serviceConfiguration(s3 -> s3.pathStyleAccessEnabled(plan.pathStyle()).chunkedEncodingEnabled(false));
        plan.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static AwsCredentialsProvider fromFile(Path file) {
        if (!Files.isReadable(file)) {
            throw new Failure(
                            "credentials-missing",
                            "The store's credentials file %s cannot be read.".formatted(file),
                            "The store cannot be reached; what is in it is untouched.",
                            "Put the file there (AWS credentials format, profile default), readable by this user.")
                    .lasting();
        }
        ProfileFile profiles =
                ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
        return ProfileCredentialsProvider.builder().profileFile(profiles).profileName("default").build();
    }

    private static AwsCredentialsProvider fromEnvironment() {
        return DefaultCredentialsProvider.builder().build();
    }
}
