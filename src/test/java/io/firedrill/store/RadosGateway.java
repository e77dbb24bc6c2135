package io.firedrill.store;

import io.firedrill.plan.StorePlan;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A real S3 server that enforces object lock: Ceph's gateway over a cluster of one monitor and one memory-backed store, as
 * processes of their own on free ports of 127.0.0.1.
 */
final class RadosGateway implements AutoCloseable {
    private static final String IDENTITY = "firedrill-test";
    private static final String SECRET = "not-a-secret";

    private final Path folder;
    private final Path conf;
    private final int port = Ports.free();
    private final List<Process> processes = new ArrayList<>();

    private RadosGateway(Path folder) {
        this.folder = folder;
        this.conf = folder.resolve("ceph.conf");
    }

    /** Installs Debian's Ceph as root; skips the test only where it cannot be had. */
    static synchronized void require() {
        if (!installed() && LocalPostgres.root()) {
            Command.of("apt-get", "install", "-y", "-qq", "--no-install-recommends", "ceph-mon", "ceph-osd", "radosgw")
                    .withDeadline(Duration.ofMinutes(10))
                    .run();
        }
        Assumptions.assumeTrue(installed() && LocalPostgres.root(), "Ceph is not installed and cannot be");
    }

    private static boolean installed() {
        return Programs.installed("radosgw") && Programs.installed("ceph-mon") && Programs.installed("ceph-osd");
    }

    /** @param folder short: sockets in it may have names of at most 107 bytes */
    static RadosGateway start(Path folder) throws IOException {
        RadosGateway gateway = new RadosGateway(folder);
        try {
            gateway.cluster();
            gateway.gateway();
            return gateway;
        } catch (IOException | RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    private void cluster() throws IOException {
        String fsid = UUID.randomUUID().toString();
        String monitor = "[v2:127.0.0.1:%d,v1:127.0.0.1:%d]".formatted(Ports.free(), Ports.free());
        Files.writeString(conf, configuration(fsid, monitor));
        Path keyring = folder.resolve("keyring");
        run("ceph-authtool", "--create-keyring", keyring.toString(), "--gen-key", "-n", "client.admin",
                "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *");
        run("ceph-authtool", keyring.toString(), "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
        String map = folder.resolve("monmap").toString();
        run("monmaptool", "--create", "--fsid", fsid, "--addv", "a", monitor, map);
        run("ceph-mon", "-c", conf.toString(), "--mkfs", "-i", "a", "--monmap", map, "--keyring", keyring.toString());
        start("ceph-mon", "-i", "a");
        String osd = UUID.randomUUID().toString();
        String id = ceph("osd", "new", osd).strip();
        String key = ceph("auth", "get-or-create", "osd." + id, "mon", "allow profile osd", "osd", "allow *", "mgr", "allow *");
        Files.writeString(keyring, key, StandardOpenOption.APPEND);
        run("ceph-osd", "-c", conf.toString(), "-i", id, "--mkfs", "--osd-uuid", osd);
        start("ceph-osd", "-i", id);
    }

    private String configuration(String fsid, String monitor) {
        return """
                [global]
                fsid = %1$s
                mon host = %2$s
                public network = 127.0.0.0/8
                mon allow pool size one = true
                osd pool default size = 1
                osd pool default min size = 1
                osd pool default pg num = 8
                osd pool default pgp num = 8
                osd crush chooseleaf type = 0
                osd objectstore = memstore
                memstore device bytes = 1073741824
                osd memory target = 939524096
                admin socket =
                log file = %3$s/$name.log
                pid file = %3$s/$name.pid
                mon data = %3$s/mon
                osd data = %3$s/osd
                keyring = %3$s/keyring
                rgw frontends = beast endpoint=127.0.0.1:%4$d
                """.formatted(fsid, monitor, folder, port);
    }

    private void gateway() throws IOException {
        start("radosgw", "-n", "client.admin");
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(this::answers);
        run("radosgw-admin", "-c", conf.toString(), "user", "create", "--uid", "firedrill", "--display-name", "Firedrill",
                "--access-key", IDENTITY, "--secret", SECRET);
    }

    private boolean answers() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void start(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(command));
        line.addAll(1, List.of("-c", conf.toString(), "-f"));
        Files.createDirectories(folder.resolve("mon"));
        Files.createDirectories(folder.resolve("osd"));
        processes.add(new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".out").toFile())
                .start());
    }

    private String ceph(String... arguments) {
        List<String> line = new ArrayList<>(List.of("ceph", "-c", conf.toString()));
        line.addAll(List.of(arguments));
        return run(line.toArray(String[]::new));
    }

    private static String run(String... command) {
        var result = Command.of(command[0], java.util.Arrays.copyOfRange(command, 1, command.length)).withDeadline(Duration.ofMinutes(1)).run();
        if (!result.succeeded()) {
            throw new IllegalStateException(command[0] + ": " + result.stderr());
        }
        return result.value();
    }


    /** A store in that bucket; the bucket is not made. */
    StorePlan.S3 plan(String bucket, String prefix) throws IOException {
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n".formatted(IDENTITY, SECRET));
        return new StorePlan.S3("offsite", bucket, prefix, "us-east-1",
                Optional.of(URI.create("http://127.0.0.1:" + port)), true, Optional.of(credentials));
    }

    /** The last started first: a gateway without its cluster would wait for it. */
    @Override
    public void close() {
        for (Process process : processes.reversed()) {
            process.destroyForcibly();
            try {
                process.waitFor(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
