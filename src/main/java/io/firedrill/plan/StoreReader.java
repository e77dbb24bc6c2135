package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one entry of {@code stores}. */
final class StoreReader {
    private static final String EXAMPLE = "local: {path: /backups}";
    private static final String S3_EXAMPLE = "s3: {bucket: backups, prefix: shop, region: eu-central-1}";
    static final Keys KEYS = Keys.of("path", "s3").notYet("gcs", "lock");
    static final Keys S3_KEYS = Keys.of("bucket", "prefix", "region", "endpoint", "pathStyle", "credentialsFile");
    private static final String DEFAULT_REGION = "us-east-1";
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{2,62}");
    private static final Pattern PREFIX =
            Pattern.compile("(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+(/(?!\\.{1,2}(/|$))[A-Za-z0-9._-]+)*");

    private static final String BUCKET_RULE =
            "Write the bucket's name alone: 3 to 63 letters, digits, '.', '_' and '-'. Folders in it go into prefix.";
    private static final String PREFIX_RULE =
            "Write names of letters, digits, '.', '_' and '-', joined by '/', without one at either end.";

    private StoreReader() {}

    static Optional<StorePlan> read(String name, Value value) {
        String who = "store '%s'".formatted(name);
        Section section = Section.open(value, who, KEYS, EXAMPLE);
        Optional<StorePlan> directory = section.optional("path").flatMap(path -> directory(name, who, path));
        Optional<StorePlan> bucket = section.optional("s3").flatMap(s3 -> s3(name, who, s3));
        Set<String> written = NamedEntries.names(Optional.of(value));
        if (section.has("path") && section.has("s3")) {
            section.mistake("Store '%s' has a path and an s3.".formatted(name), "Make two stores of it.");
        } else if (section.isMap() && List.of("path", "s3", "gcs").stream().noneMatch(written::contains)) {
            section.mistake(
                    "Store '%s' has neither path nor s3.".formatted(name), "Add path: /backups, or " + S3_EXAMPLE);
        }
        return directory.or(() -> bucket).filter(store -> Names.valid(name));
    }

    private static Optional<StorePlan> directory(String name, String who, Value value) {
        Optional<Path> path = PlanFiles.path(value);
        path.ifPresent(folder -> {
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                value.mistake(
                        "The store's path %s is not a folder.".formatted(folder),
                        "Name a folder; it is made when missing.");
            }
            value.reading().claims().folder(folder, who, value);
        });
        return path.filter(folder -> Names.valid(name)).map(folder -> new StorePlan.Directory(name, folder));
    }

    private static Optional<StorePlan> s3(String name, String who, Value value) {
        Section section = Section.open(value, "s3", S3_KEYS, S3_EXAMPLE);
        Optional<String> bucket =
                section.required("bucket", "backups").flatMap(text -> matching(text, BUCKET, BUCKET_RULE));
        String prefix = section.optional("prefix")
                .flatMap(text -> matching(text, PREFIX, PREFIX_RULE))
                .orElse("");
        String region = section.optional("region").flatMap(Value::text).orElse(DEFAULT_REGION);
        Optional<URI> endpoint = section.optional("endpoint")
                .flatMap(address -> WebAddress.read(address, "https://s3.example.org:9000"));
        boolean pathStyle =
                section.optional("pathStyle").flatMap(Value::trueOrFalse).orElse(section.has("endpoint"));
        Optional<Path> credentials = section.optional("credentialsFile").flatMap(PlanFiles::existing);
        Optional<StorePlan.S3> store = bucket.filter(text -> Names.valid(name))
                .map(text -> new StorePlan.S3(name, text, prefix, region, endpoint, pathStyle, credentials));
        store.ifPresent(found -> value.reading().claims().bucket(found, who, value));
        return store.map(found -> found);
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
