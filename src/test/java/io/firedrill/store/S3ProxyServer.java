package io.firedrill.store;

import io.firedrill.plan.StorePlan;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real S3-compatible server (S3Proxy over a folder) as a process of its own, on a free port of 127.0.0.1. */
public final class S3ProxyServer implements AutoCloseable {
    public static final String BUCKET = "backups";
    private static final String IDENTITY = "firedrill-test";
    private static final String SECRET = "not-a-secret";

    private final Path folder;
    private final int port;
    private final Process process;

    private S3ProxyServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts it over {@code folder}, with the bucket {@value #BUCKET}. */
    public static S3ProxyServer start(Path folder) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createDirectories(data.resolve(BUCKET));
        int port = Ports.free();
        Path properties = Files.writeString(folder.resolve("s3proxy.properties"), String.join("\n",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + IDENTITY,
                "s3proxy.credential=" + SECRET,
                "s3proxy.ignore-unknown-headers=true",
                "jclouds.provider=filesystem-nio2",
                "jclouds.identity=unused",
                "jclouds.credential=unused",
                "jclouds.filesystem.basedir=" + data));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED", "-jar", jar().toString(), "--properties", properties.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
        S3ProxyServer server = new S3ProxyServer(folder, port, process);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::answers);
        return server;
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("firedrill.s3proxy", "target/s3proxy/s3proxy.jar")).toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException("S3Proxy is not at " + jar + " (system property firedrill.s3proxy)");
        }
        return jar;
    }


    private boolean answers() {
        if (!process.isAlive()) {
            throw new IllegalStateException("S3Proxy ended, see " + folder.resolve("s3proxy.log"));
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** A plan for a store in it. */
    public StorePlan.S3 plan(String name, String prefix) {
        return plan(name, BUCKET, prefix, credentials(SECRET));
    }

    public StorePlan.S3 plan(String name, String bucket, String prefix, Path credentials) {
        return new StorePlan.S3(name, bucket, prefix, "us-east-1", Optional.of(endpoint()), true, Optional.of(credentials));
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** A credentials file with this secret, right or wrong. */
    public Path credentials(String secret) {
        try {
            return Files.writeString(
                    folder.resolve("credentials-" + Math.abs(secret.hashCode())),
                    "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n".formatted(IDENTITY, secret));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Where an object's bytes lie, to damage them. */
    public Path file(String fullKey) {
        return folder.resolve("data").resolve(BUCKET).resolve(fullKey);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
