package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.UncheckedIOException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Names what went wrong with a bucket. */
final class S3Trouble {
    private S3Trouble() {}

    static FailureException of(Store store, String key, Exception e) {
        String where = "%s in store %s (%s)".formatted(key, store.name(), store.address());
        if (e instanceof NoSuchUploadException) {
            return uploadLost(where).passing(e);
        }
        if (!(e instanceof SdkServiceException answer)) {
            return message(e).contains("credentials")
                    ? Trouble.refused(where, message(e)).lasting(e)
                    : unreachable(where, e).passing(e);
        }
        if (e instanceof S3Exception s3 && "RequestTimeTooSkewed".equals(code(s3))) {
            return clockSkew(where).passing(e);
        }
        return switch (answer.statusCode()) {
            case 401, 403 -> Trouble.refused(where, message(e)).lasting(e);
            case 404 -> noBucket(answer) ? bucketMissing(store).lasting(e) : Trouble.missing(where).lasting(e);
            case 409, 412 -> Trouble.exists(where).lasting(e);
            case 507 -> Trouble.full(where).lasting(e);
            default -> answered(where, answer);
        };
    }

    static boolean noBucket(SdkServiceException e) {
        return e instanceof NoSuchBucketException || e instanceof S3Exception s3 && "NoSuchBucket".equals(code(s3));
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null ? "" : String.valueOf(e.awsErrorDetails().errorCode());
    }

    static FailureException noRoomForPart(Store store, String key, UncheckedIOException e) {
        return new Failure(
                        "no-room-for-part",
                        "A part of %s for store %s could not be put into a temporary file: %s"
                                .formatted(key, store.name(), e.getCause().getMessage()),
                        "This backup was not written; earlier ones are untouched.",
                        "Free 4 GiB in the folder for temporary files (java.io.tmpdir), then try again.")
                .passing(e);
    }

    static FailureException interrupted(Store store, String key, InterruptedException e) {
        return new Failure(
                        "upload-interrupted",
                        "The upload of %s to store %s was told to stop.".formatted(key, store.name()),
                        "Nothing new is there; what was there is untouched.",
                        "It goes on when the run does.")
                .passing(e);
    }

    private static Failure uploadLost(String where) {
        return new Failure(
                "upload-lost",
                "The store has ended the upload of %s.".formatted(where),
                "Nothing new is there; what was there is untouched.",
                "Try again: it begins anew. If it happens again, look for a lifecycle rule that ends uploads too early.");
    }

    private static Failure clockSkew(String where) {
        return new Failure(
                "clock-skew",
                "%s: the clocks of this machine and of the store's server differ too much.".formatted(where),
                "The store takes no request; what is in it is untouched.",
                "Set this machine's clock (timedatectl status), then try again.");
    }

    private static Failure bucketMissing(Store store) {
        return new Failure(
                "bucket-missing",
                "The bucket of store %s (%s) does not exist.".formatted(store.name(), store.address()),
                "Nothing was written there; other stores are unaffected.",
                "Create the bucket, or correct its name, region or endpoint in the plan.");
    }

    private static Failure unreachable(String where, Exception e) {
        return new Failure(
                "store-unreachable",
                "%s cannot be reached: %s".formatted(where, message(e)),
                "Nothing new is there; what was there is untouched.",
                "Check the network and the store's endpoint, then try again.");
    }

    private static FailureException answered(String where, SdkServiceException e) {
        boolean passing = e.statusCode() >= 500 && e.statusCode() != 501 || e.statusCode() == 429 || e.statusCode() == 408;
        if (passing) {
            return unreachable(where, e).passing(e);
        }
        return new Failure(
                        "store-answered",
                        "The store did not take the request for %s: %s".formatted(where, message(e)),
                        "Nothing new is there; what was there is untouched.",
                        "Check region, endpoint and pathStyle of the store in the plan.")
                .lasting(e);
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
