package io.firedrill.replication;

import static org.awaitility.Awaitility.await;

import io.firedrill.plan.Database;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.proof.PgConnections;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.File;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** etcd and three Patroni nodes, Debian's own programs, below /tmp on free ports. */
final class PatroniScene implements AutoCloseable {
    private static final String PASSWORD = "secret";
    private static final String API_PASSWORD = "api-secret";

    private final Path folder;
    private final int etcdPort;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();

    record Node(String name, int port, int apiPort, Path folder) {}

    private PatroniScene(Path folder, int etcdPort) {
        this.folder = folder;
        this.etcdPort = etcdPort;
    }

    static PatroniScene start() {
        try {
            Path folder = Files.createTempDirectory("firedrill-test-patroni");
            LocalPostgres.own(folder);
            PatroniScene scene = new PatroniScene(folder, Ports.free());
            Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            Files.writeString(folder.resolve("api-password"), API_PASSWORD + "\n");
            scene.startEtcd(Ports.free());
            for (int i = 1; i <= 3; i++) {
                Node node = new Node("p" + i, Ports.free(), Ports.free(), folder.resolve("p" + i));
                Files.createDirectories(node.folder());
                LocalPostgres.own(node.folder());
                scene.nodes.put(node.name(), node);
                Files.writeString(node.folder().resolve("patroni.yml"), scene.configuration(node));
            }
            scene.nodes.keySet().forEach(scene::startNode);
            await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofSeconds(1)).ignoreExceptions().until(() -> scene.whole(3));
            return scene;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startEtcd(int peerPort) {
        start("etcd", folder, List.of("etcd", "--data-dir", folder.resolve("etcd").toString(), "--name", "one",
                "--listen-client-urls", "http://127.0.0.1:" + etcdPort, "--advertise-client-urls", "http://127.0.0.1:" + etcdPort,
                "--listen-peer-urls", "http://127.0.0.1:" + peerPort, "--initial-advertise-peer-urls", "http://127.0.0.1:" + peerPort,
                "--initial-cluster", "one=http://127.0.0.1:" + peerPort, "--unsafe-no-fsync"));
    }

    void startNode(String name) {
        Node node = nodes.get(name);
        start(name, node.folder(), List.of("patroni", node.folder().resolve("patroni.yml").toString()));
    }

    private void start(String name, Path in, List<String> words) {
        List<String> all = new ArrayList<>(LocalPostgres.unprivilegedWords());
        all.addAll(words);
        try {
            File log = folder.resolve(name + ".log").toFile();
            processes.put(name, new ProcessBuilder(all).directory(in.toFile()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log)).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String configuration(Node node) {
        String bin = Path.of(Programs.find("initdb")).getParent().toString();
        return """
                scope: firedrill
                name: %1$s
                restapi:
                  listen: 127.0.0.1:%2$d
                  connect_address: 127.0.0.1:%2$d
                  authentication: {username: patroni, password: %7$s}
                etcd3: {host: "127.0.0.1:%3$d"}
                bootstrap:
                  dcs:
                    ttl: 20
                    loop_wait: 2
                    retry_timeout: 5
                    maximum_lag_on_failover: 100000000
                    postgresql:
                      use_pg_rewind: true
                      use_slots: true
                      parameters: {max_connections: 40, shared_buffers: 16MB, fsync: "off"}
                  initdb: [encoding: UTF8, data-checksums]
                postgresql:
                  listen: 127.0.0.1:%4$d
                  connect_address: 127.0.0.1:%4$d
                  data_dir: %5$s/data
                  bin_dir: %6$s
                  basebackup: [checkpoint: fast]
                  pgpass: %5$s/pgpass
                  pg_hba: ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"]
                  authentication:
                    superuser: {username: firedrill, password: %8$s}
                    replication: {username: replicator, password: %8$s}
                  parameters: {unix_socket_directories: "%5$s", password_encryption: scram-sha-256}
                """.formatted(node.name(), node.apiPort(), etcdPort, node.port(), node.folder(), bin, API_PASSWORD, PASSWORD);
    }

    boolean whole(int count) {
        List<NodeState> states = replication().look();
        return states.size() == count
                && states.stream().filter(NodeState::primary).count() == 1
                && states.stream().filter(NodeState::standby).filter(NodeState::streaming).count() == count - 1;
    }

    /** Service {@code shop}, read from a plan file as a person would write it. */
    RecoveryPlan plan(boolean signedIn) {
        String servers = nodes.values().stream().map(node -> "127.0.0.1:" + node.port()).collect(Collectors.joining(","));
        String named = nodes.values().stream()
                .map(node -> "%s: {api: \"http://127.0.0.1:%d\", server: \"127.0.0.1:%d\"}".formatted(node.name(), node.apiPort(), node.port()))
                .collect(Collectors.joining(", "));
        try {
            return PlanReader.read(Files.writeString(folder.resolve(signedIn ? "plan.yaml" : "plan-without.yaml"), """
                    services:
                      shop:
                        databases:
                          orders:
                            url: "postgresql://firedrill@%s/postgres?target_session_attrs=read-write"
                            passwordFile: password
                        replication: {manager: patroni, nodes: {%s}%s}
                    stores:
                      local: {path: store}
                    """.formatted(servers, named, signedIn ? ", user: patroni, passwordFile: api-password" : "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Replications replications() {
        return new Replications(plan(true), Clock.systemUTC());
    }

    Replication replication() {
        return replications().of("shop");
    }

    Replication withoutApiPassword() {
        return new Replications(plan(false), Clock.systemUTC()).of("shop");
    }

    Database database(String node) {
        return database(nodes.get(node).port());
    }

    private Database database(int port) {
        return new Database("orders", "127.0.0.1", port, "firedrill", "postgres", Map.of(), Optional.of(folder.resolve("password")));
    }

    /** Its server cannot start again: what Patroni can only be told to copy anew. */
    void ruin(String name) {
        try {
            Files.delete(nodes.get(name).folder().resolve("data/global/pg_control"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postmaster(name).ifPresent(server -> {
            server.destroyForcibly();
            server.onExit().join();
        });
    }

    void setSynchronous() {
        String patch = "{\"synchronous_mode\": true}";
        try {
            Process curl = new ProcessBuilder("curl", "-sf", "-u", "patroni:" + API_PASSWORD, "-XPATCH", "-d", patch,
                    "http://127.0.0.1:" + nodes.get("p1").apiPort() + "/config").start();
            if (curl.waitFor() != 0) {
                throw new AssertionError("Patroni did not take the configuration");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Patroni and its PostgreSQL at once, as a power cut would. */
    void kill(String name) {
        Process patroni = processes.get(name);
        List<ProcessHandle> all = new ArrayList<>(List.of(patroni.toHandle()));
        all.addAll(patroni.descendants().toList());
        postmaster(name).ifPresent(server -> {
            all.add(server);
            all.addAll(server.descendants().toList());
        });
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    private Optional<ProcessHandle> postmaster(String name) {
        Path pid = nodes.get(name).folder().resolve("data/postmaster.pid");
        try {
            return Files.exists(pid) ? ProcessHandle.of(Long.parseLong(Files.readAllLines(pid).getFirst().strip())) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String primary() {
        return replication().look().stream().filter(NodeState::primary).map(NodeState::node).findFirst().orElse("");
    }

    void sql(String node, String sql) {
        try (Connection connection = PgConnections.open(database(node)); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql + ": " + e.getMessage(), e);
        }
    }

    String value(String node, String sql) {
        try (Connection connection = PgConnections.open(database(node));
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
        nodes.keySet().forEach(this::kill);
        processes.get("etcd").destroyForcibly().onExit().join();
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
