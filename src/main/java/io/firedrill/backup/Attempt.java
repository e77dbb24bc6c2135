package io.firedrill.backup;

import io.firedrill.failure.FailureException;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Keyspace;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedWriter;
import io.firedrill.store.Store;
import io.firedrill.store.Whole;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to write one backup into one store: parts first, the manifest last. Closed without a manifest, it takes its
 * parts away again; when the process dies instead, they stay as orphans without manifest, which nobody takes for a backup
 * and {@link Expiry} removes.
 */
final class Attempt implements AutoCloseable {
    private final Store store;
    private final Keys keys;
    private final BackupId id;
    private final String prefix;
    private final String token;
    private final List<Manifest.Part> parts = new ArrayList<>();
    private final List<String> written = new ArrayList<>();
    private @Nullable Keys sealing;
    private boolean done;

    Attempt(Store store, Keys keys, String service, BackupId id, Instant now) {
        this.store = store;
        this.keys = keys;
        this.id = id;
        this.prefix = Keyspace.prefix(service, id);
        this.token = Keyspace.attempt(now);
    }

    /** What fills a part; when it throws, the part never becomes visible. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A new key of this attempt, e.g. {@code dump.ATTEMPT.pgc}. */
    String key(String role, String ending) {
        return prefix + role + "." + token + ending;
    }

    /** May be called by several threads at a time. */
    Manifest.Part write(String role, String ending, Content content) {
        return write(SealedWriter.create(store, role, key(role, ending), sealing()), content);
    }

    /** As above, of what has its digests elsewhere. */
    Manifest.Part writeUndigested(String role, String ending, Content content) {
        return write(SealedWriter.createUndigested(store, role, key(role, ending), sealing()), content);
    }

    private Manifest.Part write(SealedWriter created, Content content) {
        try (SealedWriter writer = created) {
            content.writeTo(writer);
            Manifest.Part part = writer.commit();
            add(part);
            return part;
        } catch (IOException e) {
            throw new IllegalStateException("sealed writers tell their failures by themselves", e);
        }
    }

    /** Before the first sealed part its wrapped key is written, when it has one of its own. */
    private synchronized Keys sealing() {
        if (sealing == null) {
            Keys own = keys.forBackup(id);
            own.wrapped().ifPresent(wrapped -> add(Whole.write(store, "key", key("key", ".kms"), wrapped, own.wrapping())));
            sealing = own;
        }
        return sealing;
    }

    /** Public halves of the keys that open what was written so far. */
    synchronized List<String> recipients() {
        return sealing == null ? List.of() : sealing.recipients();
    }

    /** Takes in a part that was written by other means. */
    synchronized void add(Manifest.Part part) {
        written.add(part.key());
        parts.add(part);
    }

    /** Takes in a part that stays whatever becomes of this attempt, so that the next one finds it done. */
    synchronized void keep(Manifest.Part part) {
        parts.add(part);
    }

    /** To be removed should the attempt fail. */
    synchronized void undoing(String key) {
        written.add(key);
    }

    synchronized List<Manifest.Part> parts() {
        return List.copyOf(parts);
    }

    /**
     * Makes the backup exist, unless a parallel attempt was faster.
     *
     * @return the manifest that counts
     */
    Manifest finish(Manifest manifest) {
        try {
            Manifests.write(store, manifest);
            done = true;
            return manifest;
        } catch (FailureException e) {
            if (e.failure().code().equals("object-exists")) {
                return Manifests.read(store, manifest.id());
            }
            throw e;
        }
    }

    @Override
    public void close() {
        if (!done) {
            for (String key : written) {
                try {
                    store.delete(key);
                } catch (FailureException e) {
                    // An orphan: invisible without manifest, and removed later.
                }
            }
        }
    }
}
