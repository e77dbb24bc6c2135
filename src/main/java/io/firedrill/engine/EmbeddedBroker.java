package io.firedrill.engine;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.plan.EnginePlan;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Zeebe broker of our own as a child process with its data on disk, bound to 127.0.0.1. It outlives the server, so a
 * server that is killed and started again finds its runs where they were.
 */
public final class EmbeddedBroker {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Home home;
    private final Path distribution;
    private final ZoneId timeZone;
    private final Map<String, String> extraEnvironment;

    /**
     * @param distribution the unpacked engine archive
     * @param timeZone in which the broker evaluates schedules: it uses its JVM's
     * @param extraEnvironment more settings, in the broker's own names; tests control the clock with it
     */
    public EmbeddedBroker(Home home, Path distribution, ZoneId timeZone, Map<String, String> extraEnvironment) {
        this.home = home;
        this.distribution = distribution;
        this.timeZone = timeZone;
        this.extraEnvironment = Map.copyOf(extraEnvironment);
    }

    /** Where clients reach it. */
    public EnginePlan.Cluster addresses() {
        BrokerPorts ports = BrokerPorts.of(home.engine(), running());
        return new EnginePlan.Cluster(
                URI.create("http://127.0.0.1:" + ports.gateway()), URI.create("http://127.0.0.1:" + ports.rest()));
    }

    public URI management() {
        return URI.create("http://127.0.0.1:" + BrokerPorts.of(home.engine(), running()).management());
    }

    public boolean running() {
        return process().alive().isPresent();
    }

    /** Starts it when it is not running, or in another time zone; does not wait until it is ready. */
    public void start(Database state) {
        if (running() && runsInTimeZone()) {
            return;
        }
        stop();
        Path script = distribution.resolve("bin/broker");
        if (!Files.isExecutable(script)) {
            throw new Failure(
                            "missing-engine",
                            "The engine's distribution is not at %s.".formatted(distribution),
                            "Nothing was started.",
                            "Build it with: mvn package -DskipTests; or name a Camunda 8 cluster under engine: in the plan.")
                    .lasting();
        }
        try {
            Files.createDirectories(unpacked());
            ProcessBuilder builder = new ProcessBuilder(Programs.find("setsid"), script.toString());
            builder.environment().keySet().removeIf(name -> name.startsWith("ZEEBE_") || name.startsWith("CAMUNDA_"));
            builder.environment().putAll(environment(state));
            builder.directory(home.engine().toFile());
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            Files.writeString(zoneFile(), timeZone.getId());
            process().remember(builder.start().toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the broker unpacks for itself: whoever is killed leaves nothing outside of the home folder. */
    private Path unpacked() {
        return home.engine().resolve("unpacked");
    }

    private Path zoneFile() {
        return home.engine().resolve("time-zone");
    }

    private boolean runsInTimeZone() {
        try {
            return Files.exists(zoneFile()) && Files.readString(zoneFile()).equals(timeZone.getId());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        process().stop(STOP_PATIENCE);
    }

    public Path log() {
        return home.engine().resolve("broker.log");
    }

    private ChildProcess process() {
        return new ChildProcess(home.engine().resolve("broker.pid"));
    }

    private Map<String, String> environment(Database state) {
        BrokerPorts ports = BrokerPorts.of(home.engine(), false);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put(
                "JAVA_OPTS",
                "-Duser.timezone=" + timeZone.getId() + " -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
                        + " --sun-misc-unsafe-memory-access=allow".repeat(Runtime.version().feature() >= 23 ? 1 : 0));
        Stream.of("SERVER_ADDRESS", "MANAGEMENT_SERVER_ADDRESS", "ZEEBE_BROKER_NETWORK_HOST", "ZEEBE_BROKER_GATEWAY_NETWORK_HOST")
                .forEach(name -> all.put(name, "127.0.0.1"));
        all.put("SERVER_PORT", String.valueOf(ports.rest()));
        all.put("MANAGEMENT_SERVER_PORT", String.valueOf(ports.management()));
        all.put("ZEEBE_BROKER_GATEWAY_NETWORK_PORT", String.valueOf(ports.gateway()));
        all.put("ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT", String.valueOf(ports.command()));
        all.put("ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT", String.valueOf(ports.internal()));
        all.put("ZEEBE_BROKER_DATA_DIRECTORY", home.engine().resolve("data").toString());
        all.put("SERVER_TOMCAT_BASEDIR", unpacked().toString());
        all.put("ROCKSDB_SHAREDLIB_DIR", unpacked().toString());
        all.put("ZEEBE_BROKER_DATA_LOGSEGMENTSIZE", "8MB");
        all.put("ZEEBE_BROKER_EXPERIMENTAL_RAFT_PREALLOCATESEGMENTFILES", "false");
        all.put("ZEEBE_BROKER_EXPERIMENTAL_ROCKSDB_MEMORYLIMIT", "64MB");
        all.put("ZEEBE_BROKER_DATA_SNAPSHOTPERIOD", "5m");
        all.put("ZEEBE_BROKER_DATA_DISK_FREESPACE_PROCESSING", "256MB");
        all.put("ZEEBE_BROKER_DATA_DISK_FREESPACE_REPLICATION", "128MB");
        all.putAll(exporter(state));
        all.putAll(extraEnvironment);
        return all;
    }

    private Map<String, String> exporter(Database state) {
        Path jar = distribution.getParent().resolveSibling("firedrill-exporter.jar");
        String prefix = "ZEEBE_BROKER_EXPORTERS_FIREDRILL_";
        return Map.of(
                prefix + "CLASSNAME", "io.firedrill.exporter.StateDatabaseExporter",
                prefix + "JARPATH", jar.toString(),
                prefix + "ARGS_URL", "jdbc:postgresql://%s:%d/%s".formatted(state.host(), state.port(), state.dbname()),
                prefix + "ARGS_USER", state.user(),
                prefix + "ARGS_PASSWORDFILE", state.passwordFile().map(Path::toString).orElse(""));
    }

    /** The five ports of a broker, kept for its life: clients and its own cluster topology know it by them. */
    private record BrokerPorts(int gateway, int rest, int management, int command, int internal) {
        static synchronized BrokerPorts of(Path folder, boolean running) {
            Path file = folder.resolve("ports");
            try {
                if (Files.exists(file)) {
                    BrokerPorts kept = from(Stream.of(Files.readString(file).strip().split(" "))
                            .map(Integer::valueOf)
                            .toList());
                    if (running || kept.areFree()) {
                        return kept;
                    }
                }
                List<Integer> ports = Ports.free(5);
                Files.createDirectories(folder);
                Files.writeString(file, String.join(" ", ports.stream().map(String::valueOf).toList()) + "\n");
                return from(ports);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static BrokerPorts from(List<Integer> ports) {
            return new BrokerPorts(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
        }

        private boolean areFree() {
            return Stream.of(gateway, rest, management, command, internal).allMatch(Ports::isFree);
        }
    }
}
