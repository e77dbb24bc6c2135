package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with the backup: two GiB go through a process whose heap is 96 MiB, and come back. */
class PipelineMemoryIT {
    private static final int MIB_OF_DATA = 2048;
    private static final int PEAK_MIB = 600;

    @TempDir
    Path folder;

    @Test
    void twoGibibytesGoIntoABucketAndComeBackWithASmallHeap() throws IOException {
        Path key = folder.resolve("backup.key");
        Keys.generate(key);
        try (S3ProxyServer server = S3ProxyServer.start(folder)) {
            var result = Command.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx96m", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                            "-cp", System.getProperty("java.class.path"),
                            PipelineLoad.class.getName(), String.valueOf(MIB_OF_DATA), key.toString(),
                            server.endpoint().toString(), server.credentials("not-a-secret").toString())
                    .withDeadline(Duration.ofMinutes(15))
                    .run();
            assertThat(result.exit()).as(result.stderr()).isZero();
            String told = result.value().lines().filter(line -> line.contains("MiB/s")).reduce("", (a, b) -> a + b + "\n");
            System.out.println(told);
            long peak = Long.parseLong(told.replaceAll("(?s).*peakMiB (\\d+).*", "$1"));
            assertThat(peak).isLessThan(PEAK_MIB);
        }
    }
}
