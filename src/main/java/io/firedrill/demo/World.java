package io.firedrill.demo;

import io.firedrill.client.Homes;
import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.plan.Database;
import io.firedrill.store.Keys;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A service worth recovering, all of it below one folder and on ports that were free: servers, files, offsite store, plan. */
public final class World {
    private final Places places;
    private final Servers servers;
    private final ObjectStore objectStore;
    private final Database superuser;
    private final int serverPort;

    private World(Places places, List<Integer> ports) {
        this.places = places;
        serverPort = ports.get(3);
        servers = new Servers(
                new LocalPostgres(places.primary(), ports.get(0)),
                new LocalPostgres(places.standby(), ports.get(1)),
                Secrets.random());
        objectStore = new ObjectStore(places.objectStore(), ports.get(2), Secrets.random(), Secrets.random());
        superuser = new Database(
                "orders", "127.0.0.1", ports.get(0), LocalPostgres.SUPERUSER, "shop", Map.of("target_session_attrs", "read-write"),
                Optional.of(places.secrets().resolve("orders")), Optional.empty(), Optional.empty(),
                List.of(new Database.Address("127.0.0.1", ports.get(1))));
    }

    /** Removes what an earlier demo left and writes secrets and plan; nothing runs yet. */
    static World prepare(Home home) {
        stop(home);
        Places places = new Places(home);
        remove(home.folder());
        World world = new World(places, Ports.free(4));
        world.writePlan();
        return world;
    }

    private void writePlan() {
        try {
            Files.createDirectories(places.uploads());
            Files.createDirectories(places.backups());
            Secrets.write(places.secrets().resolve("orders"), Secrets.random());
            Secrets.write(places.secrets().resolve("replicator"), servers.replicationPassword());
            Secrets.write(places.secrets().resolve("offsite"), objectStore.credentials());
            Keys.generate(places.secrets().resolve("backup.key"));
            Files.writeString(places.plan(), PlanFile.text(places, superuser, servers, objectStore.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts everything, what can be at the same time.
     *
     * @param gate that every start passes, so that a stop at any moment finds all that was started
     * @param meanwhile begun as soon as the plan's database takes connections, e.g. the start of Firedrill's own server
     */
    void build(StartGate gate, Runnable meanwhile) {
        build(gate, false, meanwhile);
    }

    /** @param smallDisk whether the primary writes its WAL to a small disk of its own, as only root may have it */
    void build(StartGate gate, boolean smallDisk, Runnable meanwhile) {
        CompletableFuture<@Nullable Void> store = begin(() -> objectStore.start(Homes.dist(), gate));
        CompletableFuture<@Nullable Void> files = begin(() -> new Uploads(places.uploads()).fill());
        servers.startPrimary(password(), gate);
        if (smallDisk) {
            gate.pass(smallDisk()::carryWal);
        }
        shop().create();
        CompletableFuture<@Nullable Void> other = begin(meanwhile);
        servers.startStandby(superuser, gate);
        shop().fill();
        finish(CompletableFuture.allOf(store, files, other));
    }

    private String password() {
        try {
            return Files.readString(superuser.passwordFile().orElseThrow()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CompletableFuture<@Nullable Void> begin(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofPlatform().daemon().name("demo-start").start(task));
    }

    private static void finish(CompletableFuture<@Nullable Void> work) {
        try {
            work.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : e;
        }
    }

    Shop shop() {
        return new Shop(superuser);
    }

    SmallDisk smallDisk() {
        return new SmallDisk(places.smallDisk(), servers.primary());
    }

    Places places() {
        return places;
    }

    /** The first primary. */
    LocalPostgres primary() {
        return servers.primary();
    }

    /** For Firedrill's own server. */
    int serverPort() {
        return serverPort;
    }

    /** Waits until the standby has replayed what the primary wrote, and says by how many bytes it lags then. */
    long standbyLag() {
        long lag = Servers.lagBytes(superuser);
        for (int look = 0; look < 100 && lag != 0; look++) {
            Pause.millis(50);
            lag = Servers.lagBytes(superuser);
        }
        return lag;
    }

    /** Stops the servers of the demo in this home; returns whether any was running. The data stays. */
    public static boolean stop(Home home) {
        Places places = new Places(home);
        ChildProcess store = ObjectStore.process(places.objectStore());
        boolean stores = store.alive().isPresent();
        try {
            return Servers.stop(places) || stores;
        } finally {
            store.stop(Duration.ofSeconds(5));
            SmallDisk.unmount(places.smallDisk());
        }
    }

    private static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
                        throws IOException {
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
