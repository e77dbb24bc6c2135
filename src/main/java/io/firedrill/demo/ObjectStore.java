package io.firedrill.demo;

import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.StartGate;
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
 * An S3-compatible server as a process of its own (S3Proxy over a folder), standing in for the offsite bucket of the demo
 * and of the benchmarks.
 *
 * @param folder holds its data, settings and log
 */
public record ObjectStore(Path folder, int port, String accessKey, String secretKey) {
    public static final String BUCKET = "offsite";
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    /** The server of this folder, by whom ever it was started. */
    public static ChildProcess process(Path folder) {
        return new ChildProcess(folder.resolve("s3proxy.pid"));
    }

    /** What it stores: a folder per bucket, below it a file per object. */
    public Path data() {
        return folder.resolve("data");
    }

    /**
     * Writes its settings, makes the bucket (a folder of its data), starts it and waits until it answers.
     *
     * @param dist holds {@code s3proxy/s3proxy.jar}
     */
    public void start(Path dist, StartGate gate) {
        gate.pass(() -> launch(dist));
        awaitPort();
    }

    private void launch(Path dist) {
        try {
            Files.createDirectories(data().resolve(BUCKET));
            Path settings = folder.resolve("s3proxy.properties");
            Secrets.write(settings, settings());
            Process process = new ProcessBuilder(command(dist, settings))
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(folder.resolve("s3proxy.log").toFile())
                    .start();
            process(folder).remember(process.toHandle());
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
                "jclouds.filesystem.basedir=" + data());
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

    private void awaitPort() {
        Instant end = Instant.now().plus(START_DEADLINE);
        while (!answers()) {
            if (process(folder).alive().isEmpty() || Instant.now().isAfter(end)) {
                throw new Failure(
                                "demo-object-store",
                                "The throwaway S3-compatible server did not start.",
                                "Nothing goes on without it; nothing outside its folder was touched.",
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
    public String credentials() {
        return "[default]\naws_access_key_id = %s\naws_secret_access_key = %s".formatted(accessKey, secretKey);
    }
}
