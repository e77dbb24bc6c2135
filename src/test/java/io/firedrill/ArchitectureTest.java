package io.firedrill;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the arrows between them; docs/architecture.md is drawn from what this test finds. */
class ArchitectureTest {
    private static final String ROOT = "io.firedrill.";
    private static final Path PICTURE = Path.of("docs/architecture.md");

    /** Who may use whom, besides {@code failure}, which everybody may. */
    private static final Map<String, Set<String>> MAY_USE = mayUse();

    private static JavaClasses classes;

    private static Map<String, Set<String>> mayUse() {
        Map<String, Set<String>> may = new LinkedHashMap<>();
        may.put("failure", Set.of());
        may.put("plan", Set.of());
        may.put("tool", Set.of("plan"));
        may.put("proof", Set.of("plan", "tool"));
        may.put("store", Set.of("plan", "tool", "proof"));
        may.put("catalog", Set.of("plan", "store"));
        may.put("physical", Set.of("plan", "tool", "proof", "store"));
        may.put("backup", Set.of("plan", "tool", "proof", "store", "catalog", "physical"));
        may.put("replication", Set.of("plan", "tool", "proof"));
        may.put("diagnosis", Set.of("plan", "tool", "proof", "store", "catalog", "replication"));
        // What a database is like at a moment is read from a scratch server as it is for a backup.
        may.put("traffic", Set.of("plan", "tool"));
        may.put("recovery", Set.of("plan", "tool", "proof", "store", "catalog", "physical", "backup", "diagnosis", "traffic"));
        may.put("history", Set.of("plan", "tool"));
        may.put("drill", Set.of("plan", "tool", "store", "recovery", "history"));
        may.put("audit", Set.of("plan", "store"));
        may.put("notification", Set.of("plan"));
        may.put(
                "runbook",
                Set.of("plan", "tool", "proof", "store", "catalog", "backup", "diagnosis", "recovery", "replication", "drill", "history", "notification"));
        may.put("engine", Set.of("plan", "tool", "history", "runbook"));
        may.put("exporter", Set.of());
        may.put(
                "console",
                Set.of("plan", "tool", "proof", "store", "catalog", "physical", "backup", "diagnosis", "recovery", "replication", "drill",
                        "history", "audit", "notification", "runbook", "engine"));
        may.put("terminal", Set.of());
        may.put("client", Set.of("tool", "terminal", "engine"));
        may.put("demo", Set.of("plan", "tool", "proof", "store", "client", "terminal", "engine"));
        may.put("bench", Set.of("plan", "tool", "proof", "store", "catalog", "backup", "client", "terminal", "engine", "demo"));
        // Break-glass works without the server: recovery, store and audit are for the command restore alone.
        may.put("cli", Set.of("plan", "tool", "proof", "store", "recovery", "audit", "traffic", "client", "terminal", "demo", "bench", "engine", "console"));
        return may;
    }

    @BeforeAll
    static void readTheCode() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.firedrill");
    }

    @Test
    void everyRoomUsesOnlyTheRoomsBelowIt() {
        Map<String, Set<String>> forbidden = new TreeMap<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String room = room(from);
                String other = room(dependency.getTargetClass());
                if (!other.isEmpty() && !other.equals(room) && !other.equals("failure")
                        && !MAY_USE.getOrDefault(room, Set.of()).contains(other)) {
                    forbidden.computeIfAbsent(room + " -> " + other, key -> new TreeSet<>()).add(dependency.getDescription());
                }
            }
        }
        assertThat(forbidden).isEmpty();
    }

    @Test
    void everyRoomIsKnown() {
        assertThat(classes.stream().map(ArchitectureTest::room).filter(room -> !room.isEmpty()).collect(Collectors.toSet()))
                .isSubsetOf(MAY_USE.keySet());
    }

    @Test
    void theDomainKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(List.of("failure", "plan", "tool", "proof", "physical", "backup", "diagnosis", "recovery", "replication", "drill", "runbook",
                                "notification").stream()
                        .map(room -> ROOT + room + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.camunda..", "software.amazon..")
                .check(classes);
    }

    @Test
    void theExporterNeedsNothingButTheBrokerAndTheDriver() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + "exporter..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "tools.jackson..", "io.camunda.client..", "com.zaxxer..")
                .check(classes);
    }

    @Test
    void thePictureInTheDocsIsWhatTheCodeSays() throws IOException {
        String drawn = draw();
        if (Boolean.getBoolean("firedrill.draw")) {
            Files.writeString(PICTURE, drawn);
        }
        assertThat(PICTURE)
                .as("draw it anew: mvn test -Dtest=ArchitectureTest -Dfiredrill.draw=true")
                .content()
                .isEqualTo(drawn);
    }

    private static String draw() throws IOException {
        StringBuilder picture = new StringBuilder("""
                # Architecture

                The packages of `io.firedrill`, each with one purpose, and who uses whom. Drawn from the code by
                `ArchitectureTest`, which also holds the arrows to the rules. `failure` is used by all and not drawn.

                """);
        for (String room : MAY_USE.keySet()) {
            picture.append("- `").append(room).append("`: ").append(purpose(room)).append('\n');
        }
        picture.append("\n```mermaid\nflowchart TD\n");
        TreeSet<String> arrows = new TreeSet<>();
        for (JavaClass from : classes) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String room = room(from);
                String other = room(dependency.getTargetClass());
                if (!other.isEmpty() && !other.equals(room) && !other.equals("failure")) {
                    arrows.add("    " + room + " --> " + other);
                }
            }
        }
        arrows.forEach(arrow -> picture.append(arrow).append('\n'));
        return picture.append("```\n").toString();
    }

    private static String purpose(String room) throws IOException {
        String info = Files.readString(Path.of("src/main/java/io/firedrill", room, "package-info.java"));
        return info.substring(info.indexOf("/**") + 3, info.indexOf("*/"))
                .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .strip();
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(ROOT)) {
            return "";
        }
        String rest = name.substring(ROOT.length());
        return rest.contains(".") ? rest.substring(0, rest.indexOf('.')) : rest;
    }
}
