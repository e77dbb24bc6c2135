package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the OpenAPI document from the controllers' mappings, parameters and records, and the words of docs/api.md, and holds all
 * three to each other.
 */
class OpenApiTest {
    private static final Path DOCUMENT = Path.of("src/main/resources/io/firedrill/console/openapi.json");
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Test
    void theDocumentIsWhatTheControllersSay() throws IOException {
        String written = JSON.writeValueAsString(document()) + "\n";
        if (Boolean.getBoolean("firedrill.draw")) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, written);
        }
        assertThat(DOCUMENT).as("write it anew: mvn test -Dtest=OpenApiTest -Dfiredrill.draw=true").content().isEqualTo(written);
    }

    @Test
    void everyCallHasItsRowInTheDocsAndTheReverse() throws IOException {
        assertThat(operations().list().stream().map(OpenApiOperations.Operation::call).distinct().map(OpenApiTest::shape).toList())
                .containsExactlyInAnyOrderElementsOf(rows().keySet());
    }

    private static OpenApiOperations operations() {
        OpenApiOperations operations = new OpenApiOperations();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.firedrill.console").stream()
                .filter(type -> type.isAnnotatedWith(RestController.class))
                .map(JavaClass::reflect)
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .forEach(operations::add);
        return operations;
    }

    private static Map<String, Object> document() throws IOException {
        OpenApiOperations operations = operations();
        Map<String, String> rows = rows();
        Map<String, Map<String, Object>> paths = new TreeMap<>();
        for (OpenApiOperations.Operation operation : operations.list()) {
            Map<String, Object> verbs = paths.computeIfAbsent(operation.path(), path -> new TreeMap<>());
            Map<String, Object> described = new LinkedHashMap<>(operation.described());
            described.put("description", rows.getOrDefault(shape(operation.call()), ""));
            verbs.merge(operation.verb(), described, OpenApiOperations::both);
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.1.0");
        document.put("info", new TreeMap<>(Map.of("title", "Firedrill", "version", "1")));
        document.put("security", List.of(Map.of("bearer", List.of())));
        document.put("paths", paths);
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("securitySchemes", Map.of("bearer", new TreeMap<>(Map.of("type", "http", "scheme", "bearer"))));
        components.put("schemas", operations.schemas());
        document.put("components", components);
        return document;
    }

    /** What docs/api.md says of each call. */
    private static Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Pattern call = Pattern.compile("`((GET|POST) )?([/…][^`]*)`");
        try (Stream<String> lines = Files.lines(Path.of("docs/api.md"))) {
            for (String line : lines.filter(line -> line.startsWith("| `")).toList()) {
                List<String> cells = new ArrayList<>(List.of(line.replace("\\|", "¦").split("\\|")));
                String words = String.join(" → ", cells.subList(2, cells.size()).stream().map(String::strip).filter(cell -> !cell.isEmpty()).toList())
                        .replace("¦", "|").replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1");
                String verb = "GET";
                String last = "";
                Matcher calls = call.matcher(cells.get(1));
                while (calls.find()) {
                    verb = calls.group(2) == null ? verb : calls.group(2);
                    String path = calls.group(3).replaceFirst("\\?.*", "");
                    last = path.startsWith("…") ? last.substring(0, last.lastIndexOf('/')) + path.substring(1) : path;
                    rows.merge(shape(verb + " " + last), words, (one, other) -> one + " / " + other);
                }
            }
        }
        return rows;
    }

    /** Whatever variables in the path are called. */
    private static String shape(String call) {
        return call.replaceAll("\\{[^}]*}", "{}");
    }
}
