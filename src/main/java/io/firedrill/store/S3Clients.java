package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.plan.StorePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Clients set so that AWS itself and the many look-alikes understand them: no chunked signing and no trailing checksums
 * (our own digests and Content-MD5 guard what is sent and read).
 */
final class S3Clients {
    /** A server that says nothing for this long is taken for gone. */
    static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

    private S3Clients() {}

    static S3Client open(StorePlan.S3 plan, Duration answerWithin) {
        S3ClientBuilder builder = common(plan.pathStyle(), answerWithin)
                .region(Region.of(plan.region()))
                .credentialsProvider(credentials(plan.credentialsFile()));
        plan.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    /** Google's documentation wants the region {@code auto}, path style and MD5 instead of the newer checksums. */
    static S3Client open(StorePlan.Gcs plan) {
        return common(true, ANSWER_WITHIN)
                .region(Region.of("auto"))
                .endpointOverride(plan.endpoint())
                .credentialsProvider(fromFile(plan.credentialsFile()))
                .build();
    }

    private static S3ClientBuilder common(boolean pathStyle, Duration answerWithin) {
        return S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder().socketTimeout(answerWithin))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create())
                .serviceConfiguration(s3 -> s3.pathStyleAccessEnabled(pathStyle).chunkedEncodingEnabled(false));
    }

    static AwsCredentialsProvider credentials(java.util.Optional<Path> file) {
        return file.map(S3Clients::fromFile).orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static AwsCredentialsProvider fromFile(Path file) {
        if (!Files.isReadable(file)) {
            throw new Failure(
                            "credentials-missing",
                            "The credentials file %s cannot be read.".formatted(file),
                            "The service it is for cannot be reached; what is stored is untouched.",
                            "Put the file there (AWS credentials format, profile default), readable by this user.")
                    .lasting();
        }
        ProfileFile profiles =
                ProfileFile.builder().content(file).type(ProfileFile.Type.CREDENTIALS).build();
        return ProfileCredentialsProvider.builder().profileFile(profiles).profileName("default").build();
    }
}
