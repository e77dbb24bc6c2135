package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A real broker with its gateway as a child process, on free ports of the loopback interface, its clock under the test's
 * control and its log readable as {@link #log()}. The distribution is looked for in {@code -Dfiredrill.zeebe}.
 */
final class TestBroker implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(120);
    /** A busy machine's disk may hold a command up for longer than the gateway's usual 15 seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Map<String, Integer> ports;
    private final EngineLog log;
    private final HttpClient http = HttpClient.newHttpClient();

    private TestBroker(Process process, Map<String, Integer> ports, EngineLog log) {
        this.process = process;
        this.ports = ports;
        this.log = log;
    }

    /** Returns when the broker takes commands; its data, log and records are below {@code dataDir}. */
    static TestBroker start(Path dataDir) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("firedrill.zeebe", "target/zeebe/camunda-zeebe-8.6.0"));
        if (!Files.isExecutable(home.resolve("bin/broker"))) {
            throw new IOException(
                    "No Zeebe distribution at %s: unpack io.camunda:camunda-zeebe:8.6.0 there or set -Dfiredrill.zeebe"
                            .formatted(home.toAbsolutePath()));
        }
        Files.createDirectories(dataDir);
        Path records = dataDir.resolve("records.jsonl").toAbsolutePath();
        Map<String, Integer> ports = freePorts("command", "internal", "gateway", "rest", "management");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("bin/broker").toAbsolutePath().toString())
                .directory(dataDir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dataDir.resolve("broker.log").toFile());
        builder.environment().putAll(environment(dataDir, records, exporterJar(dataDir), ports));
        TestBroker broker = new TestBroker(builder.start(), ports, new EngineLog(records));
        try {
            broker.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            broker.close();
            throw e;
        }
        return broker;
    }

    CamundaClient client() {
        return CamundaClient.newClientBuilder()
                .grpcAddress(URI.create("http://127.0.0.1:" + ports.get("gateway")))
                .restAddress(URI.create("http://127.0.0.1:" + ports.get("rest")))
                .preferRestOverGrpc(false)
                .defaultRequestTimeout(PATIENCE)
                .build();
    }

    EngineLog log() {
        return log;
    }

    /** Lets the engine believe that so much time has passed; timers due by then fire. */
    void advanceClock(Duration by) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(management("/actuator/clock/add"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"offsetMilli\":" + by.toMillis() + "}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("The clock did not move: " + response.statusCode() + " " + response.body());
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("The broker did not start; see broker.log in its data directory");
            }
            Thread.sleep(200);
        }
    }

    private boolean ready() throws InterruptedException {
        try (CamundaClient client = client()) {
            HttpResponse<Void> response = http.send(
                    HttpRequest.newBuilder(management("/actuator/health/readiness")).build(),
                    HttpResponse.BodyHandlers.discarding());
            return response.statusCode() == 200
                    && client.newTopologyRequest().send().join().getBrokers().stream()
                            .anyMatch(broker -> !broker.getPartitions().isEmpty());
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private URI management(String path) {
        return URI.create("http://127.0.0.1:" + ports.get("management") + path);
    }

    private static Map<String, String> environment(
            Path dataDir, Path records, Path exporter, Map<String, Integer> ports) {
        Map<String, String> env = new HashMap<>();
        for (String address : List.of(
                "SERVER_ADDRESS",
                "MANAGEMENT_SERVER_ADDRESS",
                "ZEEBE_BROKER_NETWORK_HOST",
                "ZEEBE_BROKER_GATEWAY_NETWORK_HOST")) {
            env.put(address, "127.0.0.1");
        }
        env.put("SERVER_PORT", ports.get("rest").toString());
        env.put("MANAGEMENT_SERVER_PORT", ports.get("management").toString());
        env.put("ZEEBE_BROKER_GATEWAY_NETWORK_PORT", ports.get("gateway").toString());
        env.put("ZEEBE_BROKER_GATEWAY_CLUSTER_REQUESTTIMEOUT", PATIENCE.toString());
        env.put("ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT", ports.get("command").toString());
        env.put("ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT", ports.get("internal").toString());
        env.put("ZEEBE_BROKER_CLUSTER_INITIALCONTACTPOINTS", "127.0.0.1:" + ports.get("internal"));
        env.put("ZEEBE_BROKER_DATA_DIRECTORY", dataDir.resolve("data").toAbsolutePath().toString());
        env.put("ZEEBE_BROKER_DATA_LOGSEGMENTSIZE", "8MB");
        env.put("ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING", "256MB");
        env.put("ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION", "128MB");
        env.put("ZEEBE_BROKER_EXPERIMENTAL_RAFT_PREALLOCATESEGMENTFILES", "false");
        env.put("ZEEBE_BROKER_EXPERIMENTAL_ROCKSDB_MEMORYLIMIT", "64MB");
        env.put("ZEEBE_BROKER_EXPORTERS_FILE_CLASSNAME", RecordFileExporter.class.getName());
        env.put("ZEEBE_BROKER_EXPORTERS_FILE_JARPATH", exporter.toString());
        env.put("ZEEBE_BROKER_EXPORTERS_FILE_ARGS_FILE", records.toString());
        env.put("ZEEBE_CLOCK_CONTROLLED", "true");
        env.put("JAVA_HOME", System.getProperty("java.home"));
        env.put("JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED");
        return env;
    }

    private static Path exporterJar(Path dataDir) throws IOException {
        String entry = RecordFileExporter.class.getName().replace('.', '/') + ".class";
        Path jar = dataDir.resolve("exporter.jar").toAbsolutePath();
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream archive = new JarOutputStream(out);
                var content = RecordFileExporter.class.getClassLoader().getResourceAsStream(entry)) {
            archive.putNextEntry(new JarEntry(entry));
            content.transferTo(archive);
        }
        return jar;
    }

    private static Map<String, Integer> freePorts(String... names) {
        List<Integer> ports = Ports.free(names.length);
        Map<String, Integer> named = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            named.put(names[i], ports.get(i));
        }
        return named;
    }
}
