package io.firedrill.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one entry of {@code stores}. */
final class StoreReader {
    private static final String EXAMPLE = "local: {path: /backups}";
    private static final List<String> PLACES = List.of("path", "s3", "gcs");
    static final Keys KEYS = Keys.of("path", "s3", "gcs", "lock");
    static final Keys LOCK_KEYS = Keys.of("for", "mode");

    private StoreReader() {}

    static Optional<StorePlan> read(String name, Value value) {
        String who = "store '%s'".formatted(name);
        Section section = Section.open(value, who, KEYS, EXAMPLE);
        onePlace(name, section);
        Optional<StorePlan.Lock> lock = section.optional("lock").flatMap(StoreReader::lock);
        onlyBucketsLock(section);
        Stream<Optional<? extends StorePlan>> read = Stream.of(
                section.optional("path").flatMap(path -> directory(name, who, path)),
                section.optional("s3").flatMap(s3 -> BucketReader.s3(name, who, s3, lock)),
                section.optional("gcs").flatMap(gcs -> BucketReader.gcs(name, who, gcs)));
        return read.<StorePlan>flatMap(Optional::stream).findFirst().filter(store -> Names.valid(name));
    }

    private static void onePlace(String name, Section section) {
        List<String> written = PLACES.stream().filter(section::has).toList();
        if (written.size() > 1) {
            section.mistake(
                    "Store '%s' has %s.".formatted(name, String.join(" and ", written.stream().map(place -> "a " + place).toList())),
                    "Make %d stores of it.".formatted(written.size()));
        } else if (written.isEmpty() && section.isMap()) {
            section.mistake(
                    "Store '%s' has neither path nor s3 nor gcs.".formatted(name),
                    "Add path: /backups, or " + BucketReader.S3_EXAMPLE);
        }
    }

    private static void onlyBucketsLock(Section section) {
        section.optional("lock").filter(lock -> !section.has("s3")).ifPresent(lock -> lock.mistakeAtKey(
                section.has("gcs")
                        ? "'lock' cannot be set through Google's S3-compatible API."
                        : "A folder cannot lock what is in it.",
                section.has("gcs")
                        ? "Remove it, and give the bucket a retention policy in Google Cloud."
                        : "Remove it, or use an s3 store in a bucket with object lock."));
    }

    /** {@code 7d}, or {@code {for: 7d, mode: governance}}. */
    private static Optional<StorePlan.Lock> lock(Value value) {
        if (!value.isMap()) {
            return value.duration().map(time -> new StorePlan.Lock(time, StorePlan.Lock.Mode.COMPLIANCE));
        }
        Section section = Section.open(value, "lock", LOCK_KEYS, "lock: 7d");
        Optional<Duration> time = section.required("for", "7d").flatMap(Value::duration);
        StorePlan.Lock.Mode mode =
                section.optional("mode").flatMap(StoreReader::mode).orElse(StorePlan.Lock.Mode.COMPLIANCE);
        return time.map(t -> new StorePlan.Lock(t, mode));
    }

    private static Optional<StorePlan.Lock.Mode> mode(Value value) {
        return value.text().flatMap(text -> {
            Optional<StorePlan.Lock.Mode> mode = Stream.of(StorePlan.Lock.Mode.values())
                    .filter(m -> m.name().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
                    .findFirst();
            if (mode.isEmpty()) {
                value.mistake(
                        "'mode' cannot be '%s'.".formatted(text),
                        "Write compliance (nobody can undo the lock) or governance (those with the permission can).");
            }
            return mode;
        });
    }

    private static Optional<StorePlan.Directory> directory(String name, String who, Value value) {
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
}
