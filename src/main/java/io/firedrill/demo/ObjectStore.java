package io.firedrill.demo;

import io.firedrill.engine.ChildProcess;
import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An S3-compatible server as a process of its own (S3Proxy over a folder), standing in for the offsite bucket.
 *
 * @param folder holds its data, settings and log
 */
record ObjectStore(Path folder, int port, String accessKey, String secretKey) {
    static final String BUCKET = "offsite";
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    static ChildProcess process(Path folder) {
        return new ChildProcess(folder.resolve("s3proxy.pid"));
    }

    /**
     * Writes its settings, makes the bucket (a folder of its data) and starts it.
     *
     * @param dist holds {@code s3proxy/s3proxy.jar}
     */
    void start(Path dist) {
        try {
            Files.createDirectories(folder.resolve("data").resolve(BUCKET));
            Path settings = folder.resolve("s3proxy.properties");
            Secrets.write(settings, settings());
            Process process = new ProcessBuilder(command(dist, settings))
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
            process(folder).remember(process.toHandle());
            awaitPort(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String settings() {
        return String.join(
                "\n",
                "s3proxy.endpoint=http://127.0.0.1:" + port,
                "s3proxy.authorization=aws-v2-or-v4",
                "s3proxy.identity=" + accessKey,
                "s3proxy.credential=" + secretKey,
                "s3proxy.ignore-unknown-headers=true",
                "jclouds.provider=filesystem-nio2",
                "jclouds.filesystem.basedir=" + folder.resolve("data"));
    }

    private static List<String> command(Path dist, Path settings) {
        return List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-jar",
                dist.resolve("s3proxy").resolve("s3proxy.jar").toString(),
                "--properties",
                settings.toString());
    }

    private void awaitPort(Process process) {
        Instant end = Instant.now().plus(START_DEADLINE);
        while (!answers()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new Failure(
                                "demo-object-store",
                                "The demo's S3-compatible server did not start.",
                                "The demo cannot go on; nothing outside its folder was touched.",
                                "Its log is " + folder.resolve("s3proxy.log") + ".")
                        .lasting();
            }
            Pause.millis(50);
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The credentials in the AWS format. */
    String credentials() {
        return "[default]\naws_access_key_id = %s\naws_secret_access_key = %s".formatted(accessKey, secretKey);
    }
}
