package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The manifests in a store. A backup exists there exactly when its manifest does. */
public final class Manifests {
    private static final Logger LOG = LoggerFactory.getLogger(Manifests.class);

    private Manifests() {}

    /** Newest snapshot first; {@code service} null for all. Those that cannot be read are left out and told in the log. */
    public static List<Manifest> list(Store store, @Nullable String service) {
        return scan(store, service).stream().map(StoredBackup::manifest).toList();
    }

    /** As {@link #list}, with what checks said of each. */
    public static List<StoredBackup> scan(Store store, @Nullable String service) {
        Map<String, List<String>> keysByFolder = store.list(service == null ? "" : service + "/").stream()
                .map(Store.StoredObject::key)
                .filter(key -> key.contains("/"))
                .collect(Collectors.groupingBy(key -> key.substring(0, key.lastIndexOf('/') + 1)));
        List<StoredBackup> found = new ArrayList<>();
        keysByFolder.forEach((folder, keys) -> {
            if (keys.contains(folder + Keyspace.MANIFEST)) {
                readable(store, folder + Keyspace.MANIFEST)
                        .ifPresent(manifest -> found.add(
                                new StoredBackup(manifest, Verdicts.newest(store, keys), Holds.newest(store, keys))));
            }
        });
        found.sort(Comparator.comparing((StoredBackup backup) -> backup.manifest().snapshotAt()).reversed());
        return found;
    }

    /** Lasting failures {@code no-such-backup}, {@code corrupt-manifest}, {@code unknown-format}. */
    public static Manifest read(Store store, BackupId id) {
        return find(store, id).orElseThrow(() -> new Failure(
                        "no-such-backup",
                        "There is no backup %s in store %s (%s).".formatted(id, store.name(), store.address()),
                        "Nothing was changed.",
                        "List what there is with: firedrill backups")
                .lasting());
    }

    public static Optional<Manifest> find(Store store, BackupId id) {
        for (String service : possibleServices(id)) {
            String key = Keyspace.manifest(service, id);
            if (store.head(key).isPresent()) {
                return Optional.of(readAt(store, key));
            }
        }
        return Optional.empty();
    }

    /** The manifest as it lies in the store, byte for byte. */
    public static Optional<byte[]> text(Store store, BackupId id) {
        for (String service : possibleServices(id)) {
            String key = Keyspace.manifest(service, id);
            if (store.head(key).isPresent()) {
                try (InputStream in = store.open(key)) {
                    return Optional.of(in.readAllBytes());
                } catch (IOException e) {
                    throw corrupt(store, key, e);
                }
            }
        }
        return Optional.empty();
    }

    /** Makes the backup exist. Fails with {@code object-exists} when it does already; the old manifest stays. */
    public static void write(Store store, Manifest manifest) {
        byte[] text = ManifestJson.write(manifest);
        try (ObjectSink sink = store.create(Keyspace.manifest(manifest.service(), manifest.id()))) {
            sink.write(text);
            sink.commit();
        } catch (IOException e) {
            throw new IllegalStateException("sinks tell their failures by themselves", e);
        }
    }

    /** From now on the backup does not exist in this store, whatever of it is still there. */
    public static void delete(Store store, Manifest manifest) {
        store.delete(Keyspace.manifest(manifest.service(), manifest.id()));
    }

    /** An id is service-source-kind-time and any of them may hold dashes, so the service is one of its beginnings. */
    private static List<String> possibleServices(BackupId id) {
        List<String> services = new ArrayList<>();
        String value = id.value();
        for (int dash = value.indexOf('-'); dash > 0; dash = value.indexOf('-', dash + 1)) {
            services.add(value.substring(0, dash));
        }
        return services;
    }

    private static Optional<Manifest> readable(Store store, String key) {
        try {
            return Optional.of(readAt(store, key));
        } catch (FailureException e) {
            if (e.passing()) {
                throw e;
            }
            LOG.warn("{}", e.failure());
            return Optional.empty();
        }
    }

    static Manifest readAt(Store store, String key) {
        try (InputStream in = store.open(key)) {
            return ManifestJson.read(in.readAllBytes());
        } catch (IOException e) {
            throw corrupt(store, key, e);
        }
    }

    private static FailureException corrupt(Store store, String key, IOException e) {
        return new Failure(
                        "corrupt-manifest",
                        "The manifest %s in store %s (%s) is damaged: %s"
                                .formatted(key, store.name(), store.address(), e.getMessage()),
                        "This copy of the backup cannot be used as it is; other copies and backups are unaffected.",
                        "Use another copy or an older backup, and look for faults of that store's disk or server.")
                .lasting(e);
    }
}
