package io.firedrill.replication;

import io.firedrill.plan.Database;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.proof.PgConnections;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A primary and its standbys, real servers below /tmp on free ports, the standbys made by Firedrill itself. */
final class ReplicationScene implements AutoCloseable {
    static final String PASSWORD = "it's a pass:word";
    private final Path folder;
    private final Map<String, LocalPostgres> servers = new LinkedHashMap<>();
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    private ReplicationScene(Path folder) {
        this.folder = folder;
    }

    /** {@code pg1} is the primary. */
    static ReplicationScene of(int count) {
        try {
            ReplicationScene scene = new ReplicationScene(Files.createTempDirectory("firedrill-test-replication"));
            LocalPostgres.own(scene.folder);
            Path password = Files.writeString(scene.folder.resolve("password"), PASSWORD + "\n");
            for (int i = 1; i <= count; i++) {
                String name = "pg" + i;
                LocalPostgres server = new LocalPostgres(scene.folder.resolve(name), Ports.free());
                Files.createDirectories(server.folder());
                LocalPostgres.own(server.folder());
                scene.servers.put(name, server);
                Database db = new Database(
                        name, "127.0.0.1", server.port(), LocalPostgres.SUPERUSER, "postgres", Map.of(), Optional.of(password));
                scene.nodes.put(name, new Node(
                        name, db, server.data(), List.of(), "postgres", Optional.empty(), Optional.empty(), server.log(), "node_" + name,
                        false, List.of(), List.of()));
            }
            scene.startPrimary();
            return scene;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startPrimary() throws IOException {
        LocalPostgres primary = servers.get("pg1");
        primary.create(PASSWORD, Map.of("shared_buffers", "16MB", "max_connections", "30", "fsync", "off", "wal_keep_size", "64MB", "max_wal_senders", "4",
                // Its transactions would be counted among those that are lost.
                "autovacuum", "off"));
        Path hba = primary.data().resolve("pg_hba.conf");
        Files.writeString(hba, Files.readString(hba).replaceAll("(?m)^.*replication.*$", ""));
        primary.start();
        sql("pg1", "create table written (id bigint primary key)");
    }

    ReplicationPlan.Plain plan() {
        return plan(nodes);
    }

    ReplicationPlan.Plain plan(Map<String, Node> changed) {
        Map<String, Node> all = new LinkedHashMap<>(nodes);
        all.putAll(changed);
        return new ReplicationPlan.Plain(
                all, new ReplicationPlan.Replicator("replicator", node("pg1").server().passwordFile()), List.of(),
                new ReplicationPlan.Policy(Set.of(), Duration.ofSeconds(1), List.of()));
    }

    Replication replication() {
        return new PlainReplication(plan(), Clock.systemUTC());
    }

    /** As the plan would have it with every node synchronous. */
    ReplicationScene synchronous() {
        nodes.replaceAll((name, node) -> new Node(
                node.name(), node.server(), node.data(), node.via(), node.user(), node.bin(), node.config(), node.log(), node.slot(), true,
                node.start(), node.stop()));
        return this;
    }

    ReplicationScene withStandbys() {
        nodes.keySet().stream().filter(name -> !name.equals("pg1"))
                .forEach(name -> replication().rejoin(name, "SETUP", Progress.NONE));
        return this;
    }

    Node node(String name) {
        return nodes.get(name);
    }

    Node via(String name, String... words) {
        Node node = node(name);
        return new Node(
                node.name(), node.server(), node.data(), List.of(words), node.user(), node.bin(), node.config(), node.log(), node.slot(),
                node.synchronous(), node.start(), node.stop());
    }

    long postmasterPid(String name) {
        try {
            return Long.parseLong(Files.readAllLines(node(name).data().resolve("postmaster.pid")).getFirst().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server process and all its children at once, as a power cut would. */
    void kill(String name) {
        ProcessHandle postmaster = ProcessHandle.of(postmasterPid(name)).orElseThrow();
        List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    void start(String name) {
        servers.get(name).start();
    }

    void sql(String name, String... statements) {
        try (Connection connection = PgConnections.open(node(name).server());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(String.join("; ", statements) + ": " + e.getMessage(), e);
        }
    }

    String value(String name, String sql) {
        try (Connection connection = PgConnections.open(node(name).server());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(sql + ": " + e.getMessage(), e);
        }
    }


    @Override
    public void close() {
        servers.values().forEach(LocalPostgres::stop);
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
