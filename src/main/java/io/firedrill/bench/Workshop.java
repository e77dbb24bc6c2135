package io.firedrill.bench;

import io.firedrill.demo.ObjectStore;
import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.StartGate;
import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.store.Keys;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a benchmark needs, all of it throwaway and below one folder: a PostgreSQL server with a generated database, an
 * S3-compatible server as a process of its own, a recovery plan that names both. Gone when closed.
 */
final class Workshop implements AutoCloseable {
    static final String SERVICE = "bench";
    static final String DATABASE = "shop";
    /** Dumps, base backups and repositories beside the database itself. */
    private static final int SPACE_FACTOR = 4;

    private final Path folder;
    private final LocalPostgres postgres;
    private final ObjectStore objectStore;
    private final String password = secret();

    private Workshop(Path folder, List<Integer> ports) {
        this.folder = folder;
        this.postgres = new LocalPostgres(folder.resolve("postgres"), ports.get(0));
        this.objectStore = new ObjectStore(folder.resolve("s3"), ports.get(1), secret(), secret());
    }

    /** Starts the servers. What an earlier benchmark that was killed left in the folder is stopped and removed. */
    static Workshop open(Path folder, Path dist, long databaseBytes) {
        Workshop workshop = new Workshop(folder, Ports.free(2));
        workshop.close();
        try {
            Files.createDirectories(folder);
            requireSpace(folder, databaseBytes * SPACE_FACTOR);
            workshop.build(dist);
            return workshop;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireSpace(Path folder, long bytes) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new Failure(
                            "disk-too-small",
                            "The benchmark needs %s below %s; %s are free.".formatted(Words.bytes(bytes), folder, Words.bytes(free)),
                            "Nothing was started.",
                            "Make room, name another folder by FIREDRILL_HOME, or take a smaller database with --gib.")
                    .lasting();
        }
    }

    private void build(Path dist) throws IOException {
        postgres.create(password, Map.of(
                "unix_socket_directories", socketFolder().toString(),
                "shared_buffers", "512MB",
                "max_wal_size", "8GB",
                "checkpoint_timeout", "1h",
                "autovacuum", "off",
                "wal_level", "replica",
                "archive_mode", "on",
                "archive_command", "/bin/true"));
        LocalPostgres.own(Files.createDirectories(socketFolder()));
        postgres.start();
        secretFile("database", password);
        secretFile("offsite", objectStore.credentials());
        Keys.generate(folder.resolve("secrets/backup.key"));
        Files.writeString(plan(), planText());
        objectStore.start(dist, new StartGate());
    }

    private String planText() {
        return """
                services:
                  %s:
                    objectives: {rpo: 24h, rto: 1h}
                    databases:
                      %s: {url: "postgresql://%s@127.0.0.1:%d/%s", passwordFile: secrets/database}
                stores:
                  offsite:
                    s3: {bucket: %s, prefix: firedrill, region: us-east-1, endpoint: "http://127.0.0.1:%d", pathStyle: true, credentialsFile: secrets/offsite}
                encryption: {keyFile: secrets/backup.key}
                """
                .formatted(SERVICE, DATABASE, LocalPostgres.SUPERUSER, postgres.port(), DATABASE, ObjectStore.BUCKET,
                        objectStore.port());
    }

    private void secretFile(String name, String content) throws IOException {
        Path file = Files.createDirectories(folder.resolve("secrets")).resolve(name);
        Files.createFile(file, java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content + "\n");
    }

    private static String secret() {
        byte[] bytes = new byte[18];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    Path plan() {
        return folder.resolve("recovery-plan.yaml");
    }

    Path socketFolder() {
        return folder.resolve("postgres/socket");
    }

    LocalPostgres postgres() {
        return postgres;
    }

    ObjectStore objectStore() {
        return objectStore;
    }

    /** An empty folder for a result, of the user that the PostgreSQL server runs as. */
    Path empty(String name) {
        try {
            Path result = folder.resolve(name);
            remove(result);
            LocalPostgres.own(Files.createDirectories(result));
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Database database(String dbname) {
        return new Database(DATABASE, "127.0.0.1", postgres.port(), LocalPostgres.SUPERUSER, dbname, Map.of(),
                Optional.of(folder.resolve("secrets/database")));
    }

    /** For client programs. */
    Map<String, String> login() {
        return Map.of("PGHOST", "127.0.0.1", "PGPORT", String.valueOf(postgres.port()), "PGUSER", LocalPostgres.SUPERUSER,
                "PGPASSWORD", password, "PGDATABASE", DATABASE);
    }

    /** PostgreSQL's first process. */
    ProcessHandle server() {
        try {
            String pid = Files.readAllLines(postgres.data().resolve("postmaster.pid")).getFirst().strip();
            return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ProcessHandle objectStoreServer() {
        return storeProcess().alive().orElseThrow();
    }

    private ChildProcess storeProcess() {
        return ObjectStore.process(objectStore.folder());
    }

    /** Bytes of the objects whose key begins so. */
    long stored(String prefix) {
        return bytes(objectStore.data().resolve(ObjectStore.BUCKET).resolve(prefix));
    }

    /** Removes the objects whose key begins so, behind the server's back. */
    void removeStored(String prefix) {
        remove(objectStore.data().resolve(ObjectStore.BUCKET).resolve(prefix));
    }

    static long bytes(Path below) {
        if (!Files.exists(below)) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void remove(Path below) {
        if (!Files.exists(below)) {
            return;
        }
        try (Stream<Path> all = Files.walk(below)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what still works on it, then closes: for a benchmark that is broken off. */
    void breakOff() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        close();
    }

    /** Again does no harm, also from another thread. */
    @Override
    public synchronized void close() {
        postgres.stop();
        storeProcess().stop(Duration.ofSeconds(5));
        remove(folder);
    }
}
