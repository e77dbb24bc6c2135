package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpmnNamesTest {
    private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";

    @Test
    void namesAreReadOnOneLineAndIdsStandInForMissingOnes() {
        BpmnNames names = read("<d xmlns='%s'><task id='a' name='Dump&#10;  database'/><task id='b'/><task id='c' name=' '/></d>"
                .formatted(BPMN));
        assertThat(names.name("a")).isEqualTo("Dump database");
        assertThat(names.name("b")).isEqualTo("b");
        assertThat(names.names("c")).isFalse();
    }

    @Test
    void aFileThatIsNoXmlGivesNoNames() {
        assertThat(read("not xml").name("a")).isEqualTo("a");
    }

    @Test
    void entitiesAreNotResolved(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cr3t");
        BpmnNames names = read(
                "<!DOCTYPE d [<!ENTITY e SYSTEM '%s'>]><d xmlns='%s'><task id='a' name='x'/><text>&e;</text></d>"
                        .formatted(secret.toUri(), BPMN));
        assertThat(names.toString()).doesNotContain("s3cr3t");
    }

    private static BpmnNames read(String xml) {
        return BpmnNames.read(xml.getBytes(StandardCharsets.UTF_8));
    }
}
