package io.firedrill.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The events a broker's {@link RecordFileExporter} has written, in their order. */
final class EngineLog {
    private static final Set<String> KEPT = Set.of("PROCESS_INSTANCE", "USER_TASK", "VARIABLE", "INCIDENT", "JOB_BATCH");

    private final JsonMapper json = new JsonMapper();
    private final Path file;
    private final List<JsonNode> events = new ArrayList<>();
    private long read;

    EngineLog(Path file) {
        this.file = file;
    }

    /** Events of one type and intent so far. */
    synchronized Stream<JsonNode> events(String valueType, String... intents) {
        readOn();
        return List.copyOf(events).stream()
                .filter(event -> event.path("valueType").asString().equals(valueType))
                .filter(event -> List.of(intents).contains(event.path("intent").asString()));
    }

    JsonNode parse(String text) {
        return json.readTree(text);
    }

    private void readOn() {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] fresh = new byte[Math.toIntExact(in.length() - read)];
            in.seek(read);
            in.readFully(fresh);
            String text = new String(fresh, StandardCharsets.UTF_8);
            int whole = text.lastIndexOf('\n') + 1;
            read += text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
            text.substring(0, whole).lines().map(json::readTree).filter(EngineLog::isKept).forEach(events::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isKept(JsonNode event) {
        return KEPT.contains(event.path("valueType").asString());
    }
}
