package io.firedrill.store;

import io.firedrill.plan.StorePlan;
import java.util.Optional;

/**
 * Where in which bucket, and what every object there is given.
 *
 * @param prefix empty, or with a slash at its end
 * @param conditional the server takes {@code If-None-Match: *}, so that of two writers one surely loses
 */
record S3Place(
        String name,
        String scheme,
        String bucket,
        String prefix,
        boolean conditional,
        Optional<StorePlan.Sse> sse,
        Optional<StorePlan.Lock> lock) {

    static S3Place of(StorePlan.S3 plan) {
        return new S3Place(plan.name(), "s3", plan.bucket(), slashed(plan.prefix()), true, plan.sse(), plan.lock());
    }

    /** Google's server wants {@code x-goog-if-generation-match}, which must not stand beside {@code x-amz-} headers. */
    static S3Place of(StorePlan.Gcs plan) {
        return new S3Place(
                plan.name(), "gs", plan.bucket(), slashed(plan.prefix()), false, Optional.empty(), Optional.empty());
    }

    private static String slashed(String prefix) {
        return prefix.isEmpty() ? "" : prefix + "/";
    }

    /** For people: {@code s3://bucket/prefix}. */
    String address() {
        return scheme + "://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }
}
