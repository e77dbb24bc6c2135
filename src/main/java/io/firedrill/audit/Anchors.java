package io.firedrill.audit;

import io.firedrill.failure.FailureException;
import io.firedrill.store.ObjectSink;
import io.firedrill.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Signed heads of the chain in the stores, each written once under the store's lock: whoever makes the whole chain anew
 * cannot make these anew. Keys: {@code audit.anchors/N-KEYID.json} and {@code audit.anchors/key-KEYID.pem}; no service is called
 * like that, as names hold no dot.
 */
public final class Anchors {
    static final String FOLDER = "audit.anchors/";

    private final List<Store> stores;
    private final AnchorKey key;
    private final Optional<Duration> lock;

    /** @param lock how long each is kept locked at least, where the store can lock; empty: as long as the store's own lock */
    public Anchors(List<Store> stores, AnchorKey key, Optional<Duration> lock) {
        this.stores = List.copyOf(stores);
        this.key = key;
        this.lock = lock;
    }

    public AnchorKey key() {
        return key;
    }

    /** @return the stores that have it now, and why the others have not */
    Written write(Row head, Instant at, String node) {
        String anchor = Lines.canonical(Map.of("at", at.toString(), "hash", head.hash(), "n", head.n(), "node", node));
        String object = Lines.canonical(Map.of(
                "anchor", anchor, "key", key.id(), "signature", Base64.getEncoder().encodeToString(key.sign(anchor)))) + "\n";
        List<String> have = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Store store : stores) {
            try {
                put(store, FOLDER + "key-" + key.id() + ".pem", key.publicPem(), at);
                put(store, "%s%020d-%s.json".formatted(FOLDER, head.n(), key.id()), object, at);
                have.add(store.name());
            } catch (FailureException e) {
                problems.add(e.failure().what());
            }
        }
        return new Written(have, problems);
    }

    record Written(List<String> stores, List<String> problems) {}

    /** What is there already stays. */
    private void put(Store store, String name, String text, Instant at) {
        if (store.head(name).isEmpty()) {
            try (ObjectSink sink = store.create(name)) {
                sink.write(text.getBytes(StandardCharsets.UTF_8));
                sink.commit();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        lock.ifPresent(time -> store.keepLocked(name, at.plus(time)));
    }

    /**
     * An anchor as a store has it.
     *
     * @param problem why it proves nothing; empty when it is signed by a key that counts
     */
    public record Found(String place, long n, String hash, String at, String problem) {}

    /**
     * All of them, from every store.
     *
     * @param trusted public keys in PEM: only what these signed counts; empty: this server's own, and those in the stores
     * @throws FailureException when a store cannot be read
     */
    public List<Found> read(List<String> trusted) {
        List<Found> found = new ArrayList<>();
        for (Store store : stores) {
            List<String> names = store.list(FOLDER).stream().map(Store.StoredObject::key).toList();
            Map<String, PublicKey> keys = keys(store, names, trusted);
            names.stream().filter(name -> name.endsWith(".json")).forEach(name -> found.add(read(store, name, keys)));
        }
        return found;
    }

    private Map<String, PublicKey> keys(Store store, List<String> names, List<String> trusted) {
        List<String> pems = new ArrayList<>(trusted);
        if (trusted.isEmpty()) {
            pems.add(key.publicPem());
            names.stream().filter(name -> name.endsWith(".pem")).forEach(name -> pems.add(text(store, name)));
        }
        Map<String, PublicKey> keys = new HashMap<>();
        for (String pem : pems) {
            PublicKey one = AnchorKey.publicKey(pem);
            keys.put(AnchorKey.id(one), one);
        }
        return keys;
    }

    private static Found read(Store store, String name, Map<String, PublicKey> keys) {
        String place = store.name() + ":" + name;
        try {
            JsonNode object = Lines.tree(text(store, name));
            String anchor = object.required("anchor").asString();
            String id = object.required("key").asString();
            byte[] signature = Base64.getDecoder().decode(object.required("signature").asString());
            JsonNode said = Lines.tree(anchor);
            PublicKey one = keys.get(id);
            String problem = one == null
                    ? "signed with the key %s, which is not known.".formatted(id)
                    : AnchorKey.signed(one, anchor, signature) ? "" : "its signature is wrong.";
            return new Found(place, said.required("n").asLong(), said.required("hash").asString(), said.required("at").asString(), problem);
        } catch (JacksonException | IllegalArgumentException e) {
            return new Found(place, 0, "", "", "it cannot be read as an anchor.");
        }
    }

    private static String text(Store store, String name) {
        try (InputStream in = store.open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
