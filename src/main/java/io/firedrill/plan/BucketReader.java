package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code s3} and {@code gcs} of a store. */
final class BucketReader {
    static final String S3_EXAMPLE = "s3: {bucket: backups, prefix: shop, region: eu-central-1}";
    private static final String GCS_EXAMPLE = "gcs: {bucket: backups, prefix: shop, credentialsFile: secrets/gcs-hmac}";
    static final Keys S3_KEYS = Keys.of(
            "bucket", "prefix", "region", "endpoint", "pathStyle", "credentialsFile", "sse", "sseKeyId");
    static final Keys GCS_KEYS = Keys.of("bucket", "prefix", "credentialsFile", "endpoint");
    static final String DEFAULT_REGION = "us-east-1";
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,62}");
    private static final Pattern PREFIX =
            Pattern.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");
    private static final Pattern SSE = Pattern.compile("AES256|aws:kms");

    private static final String BUCKET_RULE =
            "Write the bucket's name alone: 3 to 63 letters, digits, '.', '_' and '-'. Folders in it go into prefix.";
    private static final String PREFIX_RULE =
            "Write names of letters, digits, '.', '_' and '-', joined by '/', without one at either end.";
    private static final String SSE_RULE = "Write AES256 (the server's own key) or aws:kms (a key of AWS KMS).";

    private BucketReader() {}

    static Optional<StorePlan.S3> s3(String name, String who, Value value, Optional<StorePlan.Lock> lock) {
        Section section = Section.open(value, "s3", S3_KEYS, S3_EXAMPLE);
        Optional<String> bucket = bucket(section);
        String prefix = prefix(section);
        String region = section.optional("region").flatMap(Value::text).orElse(DEFAULT_REGION);
        Optional<URI> endpoint = section.optional("endpoint")
                .flatMap(address -> WebAddress.read(address, "https://s3.example.org:9000"));
        boolean pathStyle =
                section.optional("pathStyle").flatMap(Value::trueOrFalse).orElse(section.has("endpoint"));
        Optional<Path> credentials = section.optional("credentialsFile").flatMap(PlanFiles::existing);
        Optional<StorePlan.Sse> sse = sse(section);
        Optional<StorePlan.S3> store = bucket.filter(text -> Names.valid(name))
                .map(text -> new StorePlan.S3(name, text, prefix, region, endpoint, pathStyle, credentials, sse, lock));
        store.ifPresent(found ->
                value.reading().claims().bucket(found.endpoint(), found.bucket(), found.prefix(), who, value));
        return store;
    }

    static Optional<StorePlan.Gcs> gcs(String name, String who, Value value) {
        Section section = Section.open(value, "gcs", GCS_KEYS, GCS_EXAMPLE);
        Optional<String> bucket = bucket(section);
        String prefix = prefix(section);
        Optional<Path> credentials =
                section.required("credentialsFile", "secrets/gcs-hmac").flatMap(PlanFiles::existing);
        URI endpoint = section.optional("endpoint")
                .flatMap(address -> WebAddress.read(address, StorePlan.Gcs.PUBLIC_ENDPOINT.toString()))
                .orElse(StorePlan.Gcs.PUBLIC_ENDPOINT);
        Optional<StorePlan.Gcs> store = bucket.filter(text -> Names.valid(name) && credentials.isPresent())
                .map(text -> new StorePlan.Gcs(name, text, prefix, endpoint, credentials.get()));
        store.ifPresent(found -> value.reading()
                .claims()
                .bucket(Optional.of(found.endpoint()), found.bucket(), found.prefix(), who, value));
        return store;
    }

    private static Optional<String> bucket(Section section) {
        return section.required("bucket", "backups").flatMap(text -> matching(text, BUCKET, BUCKET_RULE));
    }

    private static String prefix(Section section) {
        return section.optional("prefix").flatMap(text -> matching(text, PREFIX, PREFIX_RULE)).orElse("");
    }

    private static Optional<StorePlan.Sse> sse(Section section) {
        Optional<String> algorithm = section.optional("sse").flatMap(text -> matching(text, SSE, SSE_RULE));
        Optional<String> keyId = section.optional("sseKeyId").flatMap(Value::text);
        boolean keyFits = keyId.isEmpty() || algorithm.filter("aws:kms"::equals).isPresent();
        if (!keyFits) {
            section.optional("sseKeyId").ifPresent(value ->
                    value.mistakeAtKey("'sseKeyId' names a key that is not used.", "Add sse: aws:kms, or remove it."));
        }
        return algorithm.filter(text -> keyFits).map(text -> new StorePlan.Sse(text, keyId));
    }

    private static Optional<String> matching(Value value, Pattern form, String instead) {
        return value.text().filter(text -> {
            boolean good = form.matcher(text).matches();
            if (!good) {
                value.mistake("'%s' cannot be '%s'.".formatted(value.title(), text), instead);
            }
            return good;
        });
    }
}
