package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PlanReachabilityTest extends CommandLineFixture {
    private Path planWithDatabaseAt(int port) throws IOException {
        return Files.writeString(folder.resolve("plan.yaml"), """
                services:
                  shop:
                    databases:
                      orders: {url: "postgresql://nobody@127.0.0.1:%d/orders"}
                stores:
                  local: {path: backups}
                """.formatted(port));
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsAMistakeAtItsUrl() throws IOException {
        Path plan = planWithDatabaseAt(Ports.free());
        Done check = plain("plan", "check", plan.toString());
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err().lines()).hasSize(1);
        assertThat(check.err()).startsWith(plan + ":4:21: ");
    }

    @Test
    void aStoreThatDoesNotAnswerIsAMistakeAtItsName() throws IOException {
        Path plan = folder.resolve("stores.yaml");
        java.nio.file.Files.writeString(plan, """
                services:
                  shop: {files: {uploads: {path: /srv/uploads}}}
                stores:
                  local: {path: backups}
                  offsite: {s3: {bucket: backups, endpoint: "http://127.0.0.1:%d", credentialsFile: keys}}
                """.formatted(Ports.free()));
        java.nio.file.Files.writeString(folder.resolve("keys"), "[default]\naws_access_key_id = a\naws_secret_access_key = b\n");
        Done check = plain("plan", "check", plan.toString());
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err()).startsWith(plan + ":5:").contains("store offsite", "cannot be reached");
    }

    @Test
    void upStartsNothingWithSuchAPlan() throws IOException {
        Path plan = planWithDatabaseAt(Ports.free());
        String before = System.getProperty("firedrill.home", "");
        System.setProperty("firedrill.home", folder.resolve("home").toString());
        try {
            Done up = plain("up", "--plan", plan.toString());
            assertThat(up.exit()).isEqualTo(2);
            assertThat(folder.resolve("home")).doesNotExist();
        } finally {
            System.setProperty("firedrill.home", before);
        }
    }
}
