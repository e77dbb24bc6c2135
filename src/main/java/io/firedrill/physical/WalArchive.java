package io.firedrill.physical;

import io.firedrill.failure.FailureException;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.SealedReader;
import io.firedrill.store.SealedWriter;
import io.firedrill.store.Store;
import io.firedrill.store.Whole;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One server's WAL in one store: each segment an object of its own, sealed, written once, named by its content. */
public final class WalArchive {
    private static final int BLOCK = 1 << 16;

    private final Store store;
    private final Keys keys;
    private final WalSource of;
    private final Map<String, Keys> sealing = new ConcurrentHashMap<>();

    public WalArchive(Store store, Keys keys, WalSource of) {
        this.store = store;
        this.keys = keys;
        this.of = of;
    }

    /** What a file of the spool is. */
    public record Content(String name, Optional<Instant> newest, String sha256) {}

    /** Reads a whole segment or history; that its records cannot be followed is no reason not to keep it. */
    static Content read(Path file, long segmentBytes) {
        MessageDigest digest = BackupManifest.sha("SHA-256");
        WalRecords records = new WalRecords();
        String name = file.getFileName().toString();
        WalName.parse(name, segmentBytes).ifPresent(records::segment);
        boolean segment = !name.endsWith(".history");
        byte[] buffer = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                if (segment) {
                    records.bytes(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return new Content(name, records.newest(), HexFormat.of().formatHex(digest.digest()));
    }

    /** Writes it once; there already is as good as done. Nothing is visible before it is whole. */
    void write(String system, Content content, Path file) {
        String key = WalObject.key(of, system, content.name(), content.newest(), content.sha256());
        if (store.head(key + (keys.encrypting() ? ".zst.age" : ".zst")).isPresent()) {
            return;
        }
        try (SealedWriter writer = SealedWriter.create(store, "wal", key, sealing(key))) {
            Files.copy(file, writer);
            writer.commit();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (FailureException e) {
            if (!e.failure().code().equals("object-exists")) {
                throw e;
            }
        }
    }

    /** With a key management service each timeline's folder gets a key of its own from each process, wrapped beside the WAL. */
    private Keys sealing(String key) {
        String folder = key.substring(0, key.lastIndexOf('/'));
        return sealing.computeIfAbsent(folder, any -> {
            Keys own = keys.forBackup(new BackupId(folder.substring(folder.lastIndexOf('/') + 1)));
            own.wrapped().ifPresent(wrapped -> {
                String digest = HexFormat.of().formatHex(BackupManifest.sha("SHA-256").digest(wrapped));
                Whole.write(store, "key", "%s/key.%s.kms".formatted(folder, digest.substring(0, 16)), wrapped, own.wrapping());
            });
            return own;
        });
    }

    /** All there is, sorted by key. */
    public List<WalObject> list() {
        return store.list(of.prefix()).stream()
                .flatMap(object -> WalObject.of(object.key(), object.bytes()).stream())
                .toList();
    }

    /** Its plain bytes; their end is only told when they have the digest that the name tells. */
    public InputStream open(WalObject object) {
        List<String> encoding = object.key().endsWith(".age") ? List.of("zstd", "age") : List.of("zstd");
        return SealedReader.open(
                store, new Manifest.Part("wal", object.key(), -1, object.sha256(), object.storedBytes(), "", encoding), keys);
    }

    void delete(WalObject object) {
        store.delete(object.key());
    }
}
