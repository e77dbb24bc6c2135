package io.firedrill.plan;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store's address without any plan: a folder's path, {@code file:///folder}, or
 * {@code s3://BUCKET/PREFIX?region=…&endpoint=…&pathStyle=…&credentialsFile=…}, or
 * {@code gcs://BUCKET/PREFIX?credentialsFile=…&endpoint=…}, with the meanings and defaults that the plan file has.
 */
public final class StoreUrl {
    private static final String NAME = "store";
    private static final List<String> PARAMETERS = List.of("region", "endpoint", "pathStyle", "credentialsFile");
    private static final String SHAPE = "Write a folder's path, or s3://BUCKET/PREFIX?region=REGION&endpoint=URL.";

    private StoreUrl() {}

    /**
     * The store, named {@value #NAME}; nothing is read yet.
     *
     * @throws FailureException {@code bad-store-url}
     */
    public static StorePlan read(String text) {
        if (text.startsWith("s3://")) {
            return s3(place(text, "s3://"));
        }
        if (text.startsWith("gcs://")) {
            return gcs(place(text, "gcs://"));
        }
        if (text.matches("(?i)[a-z][a-z0-9+.-]+://.*") && !text.startsWith("file://")) {
            throw bad("'%s' is no store that this command can read.".formatted(text), SHAPE);
        }
        try {
            Path folder = text.startsWith("file:") ? Path.of(new URI(text)) : Path.of(text);
            if (text.isBlank()) {
                throw bad("The store's address is empty.", SHAPE);
            }
            return new StorePlan.Directory(NAME, folder.toAbsolutePath().normalize());
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw bad("'%s' is no folder's path.".formatted(text), SHAPE);
        }
    }

    private record Place(String bucket, String prefix, Map<String, String> parameters) {
        Optional<URI> endpoint() {
            return Optional.ofNullable(parameters.get("endpoint")).map(StoreUrl::endpoint);
        }

        Optional<Path> credentialsFile() {
            return Optional.ofNullable(parameters.get("credentialsFile")).map(file -> Path.of(file).toAbsolutePath());
        }
    }

    private static StorePlan s3(Place place) {
        boolean pathStyle = Optional.ofNullable(place.parameters().get("pathStyle"))
                .map(StoreUrl::flag)
                .orElse(place.endpoint().isPresent());
        return new StorePlan.S3(NAME, place.bucket(), place.prefix(), place.parameters().getOrDefault("region", "us-east-1"),
                place.endpoint(), pathStyle, place.credentialsFile());
    }

    private static StorePlan gcs(Place place) {
        return new StorePlan.Gcs(NAME, place.bucket(), place.prefix(), place.endpoint().orElse(StorePlan.Gcs.PUBLIC_ENDPOINT),
                place.credentialsFile().orElseThrow(() -> bad("A gcs:// address needs its HMAC key.",
                        "Add ?credentialsFile=FILE, an AWS credentials file with profile default.")));
    }

    private static Place place(String text, String scheme) {
        int query = text.indexOf('?');
        String place = text.substring(scheme.length(), query < 0 ? text.length() : query);
        Map<String, String> parameters = query < 0 ? Map.of() : parameters(text.substring(query + 1));
        int slash = place.indexOf('/');
        String bucket = slash < 0 ? place : place.substring(0, slash);
        String prefix = slash < 0 ? "" : place.substring(slash + 1).replaceAll("/+$", "");
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]") || prefix.startsWith("/")) {
            throw bad("'%s' names no bucket.".formatted(text), SHAPE);
        }
        return new Place(bucket, prefix, parameters);
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !PARAMETERS.contains(name)) {
                throw bad("The store's address has no parameter '%s'.".formatted(name),
                        "Use: %s.".formatted(String.join(", ", PARAMETERS)));
            }
            parameters.put(name, Percent.decode(pair.substring(equals + 1))
                    .filter(value -> !value.isBlank())
                    .orElseThrow(() -> bad("The store's parameter '%s' has no value.".formatted(name), SHAPE)));
        }
        return parameters;
    }

    private static URI endpoint(String text) {
        try {
            URI uri = new URI(text);
            if (WebAddress.isHttp(uri) && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw bad("The store's endpoint is no web address.", "Write http:// or https://, a host and, if needed, a port.");
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw bad("pathStyle is '%s'.".formatted(text), "Write pathStyle=true or pathStyle=false.");
        }
        return text.equals("true");
    }

    private static FailureException bad(String what, String next) {
        return new Failure("bad-store-url", what, "Nothing was read and nothing was changed.", next).lasting();
    }
}
