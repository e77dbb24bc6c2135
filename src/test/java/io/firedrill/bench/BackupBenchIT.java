package io.firedrill.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole benchmark with the real tools on a small database: that it measures, never how fast anything is. */
class BackupBenchIT {
    private static final List<String> MEASURED = List.of(
            "pg_dump -Fc, then aws s3 cp", "pg_basebackup -Ft -z", "pgBackRest full, zst", "pgBackRest full, lz4",
            "Firedrill logical, sealed on S3", "Firedrill logical, sealed and read back",
            "pgBackRest incremental after 1 %, zst", "Firedrill physical, sealed on S3",
            "Firedrill physical, sealed and read back", "Firedrill physical after 1 %, sealed on S3");

    @TempDir
    Path folder;

    @Test
    void everyRowIsMeasuredInOneRunAndNothingIsLeft() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(new BufferedReader(Reader.nullReader()),
                new PrintStream(out, true, StandardCharsets.UTF_8), false, false, 100);
        Results results = new BackupBench(terminal, 24 << 20, 1)
                .run(folder.resolve("bench"), Path.of(System.getProperty("firedrill.dist")));
        results.tell(terminal);

        JsonNode json = results.json();
        assertThat(json.get("name").asString()).isEqualTo("backup");
        assertThat(json.get("databaseBytes").asLong()).isGreaterThan(24 << 20);
        for (String what : MEASURED) {
            JsonNode row = row(json, what);
            for (String number : List.of("seconds", "mbPerSecond", "cpuSeconds", "peakMb", "bytes")) {
                assertThat(row.get(number).asDouble()).as(what + " " + number).isPositive();
            }
            assertThat(row.get("bytes").asLong()).as(what).isBetween(1L << 20, json.get("databaseBytes").asLong());
            assertThat(out.toString(StandardCharsets.UTF_8)).contains(what);
        }
        assertThat(bytes(json, MEASURED.get(3))).as("lz4 packs less than zst").isGreaterThan(bytes(json, MEASURED.get(2)));
        assertThat(bytes(json, MEASURED.get(5))).as("the same backup").isEqualTo(bytes(json, MEASURED.get(4)));
        assertThat(bytes(json, MEASURED.get(6))).as("less than a full one").isLessThan(bytes(json, MEASURED.get(2)));
        JsonNode ratios = json.get("ratios");
        assertThat(ratios.get("logicalToCron").asDouble()).isPositive();
        assertThat(ratios.get("physicalToPgBackRest").asDouble()).isPositive();
        assertThat(ratios.get("incrementalToFull").asDouble()).isPositive();
        assertThat(ratios.get("logicalCheckedToCron").asDouble()).isGreaterThan(ratios.get("logicalToCron").asDouble());
        assertThat(Files.exists(folder.resolve("bench"))).isFalse();
    }

    private static JsonNode row(JsonNode json, String what) {
        for (JsonNode row : json.get("rows")) {
            if (row.get("what").asString().equals(what)) {
                return row;
            }
        }
        throw new AssertionError("no row " + what + " in " + json);
    }

    private static long bytes(JsonNode json, String what) {
        return row(json, what).get("bytes").asLong();
    }
}
