package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.plan.UnknownName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plan's stores, opened. The first is where backups are written, the others get copies. */
public final class Stores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

    private final Map<String, Store> byName;

    private Stores(Map<String, Store> byName) {
        this.byName = byName;
    }

    public static Stores open(RecoveryPlan plan) {
        Map<String, Store> opened = new LinkedHashMap<>();
        plan.stores().forEach((name, store) -> opened.put(name, open(store)));
        return new Stores(opened);
    }

    /** Stores that are open already, the primary first. */
    public static Stores of(List<Store> opened) {
        Map<String, Store> byName = new LinkedHashMap<>();
        opened.forEach(store -> byName.put(store.name(), store));
        return new Stores(byName);
    }

    /** @param memory a folder of this host's own, where it remembers the folder stores it has seen ({@link StoreMark}) */
    public static Stores open(RecoveryPlan plan, Path memory) {
        Map<String, Store> opened = new LinkedHashMap<>();
        plan.stores().forEach((name, store) -> opened.put(name, store instanceof StorePlan.Directory directory
                ? new DirectoryStore(name, directory.path(), Optional.of(memory.resolve(name)))
                : open(store)));
        return new Stores(opened);
    }

    /** Opens one store; nothing is read or written yet. */
    public static Store open(StorePlan plan) {
        return switch (plan) {
            case StorePlan.Directory directory -> new DirectoryStore(directory.name(), directory.path());
            case StorePlan.S3 s3 -> S3Store.open(s3);
            case StorePlan.Gcs gcs -> S3Store.open(gcs);
        };
    }

    public Store byName(String name) {
        Store store = byName.get(name);
        if (store == null) {
            throw UnknownName.failure("store", name, byName.keySet()).lasting();
        }
        return store;
    }

    public Store primary() {
        return all().get(0);
    }

    /** In the plan's order, the primary first. */
    public List<Store> all() {
        if (byName.isEmpty()) {
            throw noStore();
        }
        return List.copyOf(byName.values());
    }

    /**
     * Before the first backup: what the stores cannot do though the plan wants it is told now. A store that only does not
     * answer is no reason not to start.
     */
    public void requireAble() {
        for (Store store : all()) {
            try {
                store.requireReady();
            } catch (FailureException e) {
                if (e.failure().code().equals("lock-unsupported")) {
                    throw e;
                }
                LOG.warn("{}", e.failure());
            }
        }
    }

    private static FailureException noStore() {
        return new Failure(
                        "no-store",
                        "The plan names no store.",
                        "There is nowhere to keep backups.",
                        "Add one under 'stores:'.")
                .lasting();
    }

    @Override
    public void close() {
        byName.values().forEach(Store::close);
    }
}
