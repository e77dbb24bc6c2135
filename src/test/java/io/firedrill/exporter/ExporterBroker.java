package io.firedrill.exporter;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientException;
import io.camunda.client.api.response.PartitionBrokerHealth;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real broker with our exporter in it. */
public final class ExporterBroker implements AutoCloseable {
    private static final Path HOME =
            Path.of(System.getProperty("firedrill.zeebe", "target/zeebe/camunda-zeebe-8.6.0")).toAbsolutePath();
    private static final Path JAR =
            Path.of(System.getProperty("firedrill.exporter.jar", "target/firedrill-exporter.jar")).toAbsolutePath();

    private final Path data;
    private final LocalPostgres state;
    private final Map<String, String> arguments;
    private final int gateway = Ports.free();
    private final int rest = Ports.free();
    private final int management = Ports.free();
    private final int command = Ports.free();
    private final int internal = Ports.free();
    private Process process;

    private ExporterBroker(Path data, LocalPostgres state, Map<String, String> arguments) throws IOException {
        this.data = data;
        this.state = state;
        this.arguments = arguments;
    }

    /** @param arguments more arguments of the exporter, by upper-case name */
    public static ExporterBroker start(Path data, LocalPostgres state, Map<String, String> arguments)
            throws IOException, InterruptedException {
        ExporterBroker broker = new ExporterBroker(data, state, arguments);
        broker.up();
        return broker;
    }

    public void up() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(HOME.resolve("bin/broker").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(data.resolve("broker.log").toFile()));
        builder.environment().putAll(settings());
        process = builder.start();
        awaitReady();
    }

    /** As a power cut does it. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    public void down() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void close() throws InterruptedException {
        down();
    }

    public CamundaClient client() {
        return CamundaClient.newClientBuilder()
                .grpcAddress(URI.create("http://127.0.0.1:" + gateway))
                .restAddress(URI.create("http://127.0.0.1:" + rest))
                .preferRestOverGrpc(false)
                .defaultRequestTimeout(Duration.ofSeconds(10))
                .build();
    }

    String log() throws IOException {
        return Files.readString(data.resolve("broker.log"));
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "ZEEBE_BROKER_DATA_DIRECTORY", data.resolve("zeebe").toString(),
                "ZEEBE_BROKER_DATA_LOGSEGMENTSIZE", "8MB",
                "ZEEBE_BROKER_EXPERIMENTAL_RAFT_PREALLOCATESEGMENTFILES", "false",
                "ZEEBE_BROKER_EXPERIMENTAL_ROCKSDB_MEMORYLIMIT", "64MB",
                "ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING", "256MB",
                "ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION", "128MB",
                "JAVA_HOME", System.getProperty("java.home"),
                "JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED"));
        for (String address : new String[] {
            "SERVER_ADDRESS",
            "MANAGEMENT_SERVER_ADDRESS",
            "ZEEBE_BROKER_NETWORK_HOST",
            "ZEEBE_BROKER_GATEWAY_NETWORK_HOST"
        }) {
            settings.put(address, "127.0.0.1");
        }
        settings.put("SERVER_PORT", String.valueOf(rest));
        settings.put("MANAGEMENT_SERVER_PORT", String.valueOf(management));
        settings.put("ZEEBE_BROKER_GATEWAY_NETWORK_PORT", String.valueOf(gateway));
        settings.put("ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT", String.valueOf(command));
        settings.put("ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT", String.valueOf(internal));
        settings.put("ZEEBE_BROKER_CLUSTER_INITIALCONTACTPOINTS", "127.0.0.1:" + internal);
        String exporter = "ZEEBE_BROKER_EXPORTERS_FIREDRILL_";
        settings.put(exporter + "CLASSNAME", "io.firedrill.exporter.StateDatabaseExporter");
        settings.put(exporter + "JARPATH", JAR.toString());
        settings.put(exporter + "ARGS_URL", state.url());
        settings.put(exporter + "ARGS_USER", state.user());
        settings.put(exporter + "ARGS_PASSWORDFILE", state.passwordFile().toString());
        arguments.forEach((name, value) -> settings.put(exporter + "ARGS_" + name, value));
        return settings;
    }

    private void awaitReady() throws IOException, InterruptedException {
        try (CamundaClient client = client()) {
            for (long until = System.nanoTime() + Duration.ofSeconds(120).toNanos(); System.nanoTime() < until; ) {
                if (!process.isAlive()) {
                    throw new IOException("The broker ended: " + log());
                }
                if (healthy(client)) {
                    return;
                }
                Thread.sleep(250);
            }
        }
        kill();
        throw new IOException("The broker was not ready after two minutes: " + log());
    }

    private static boolean healthy(CamundaClient client) {
        try {
            return client.newTopologyRequest().requestTimeout(Duration.ofSeconds(2)).send().join().getBrokers().stream()
                    .flatMap(broker -> broker.getPartitions().stream())
                    .anyMatch(partition -> partition.isLeader() && partition.getHealth() == PartitionBrokerHealth.HEALTHY);
        } catch (ClientException e) {
            return false; // Not listening yet.
        }
    }
}
