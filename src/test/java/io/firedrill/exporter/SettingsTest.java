package io.firedrill.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final String URL = "jdbc:postgresql://127.0.0.1/state";

    @Test
    void namesAreReadAsEnvironmentVariablesLeaveThem() {
        Settings settings = Settings.of(Map.of(
                "url", URL, "passwordfile", "/run/secret", "batchsize", "7", "flushintervalmillis", 20, "mask", "a*, b"));
        assertThat(settings.passwordFile()).isEqualTo(Path.of("/run/secret"));
        assertThat(settings.batchSize()).isEqualTo(7);
        assertThat(settings.flushInterval()).isEqualTo(Duration.ofMillis(20));
        assertThat(settings.mask().variable("abc", "1")).isEqualTo("\"(masked)\"");
        assertThat(settings.mask().variable("b", "1")).isEqualTo("\"(masked)\"");
        assertThat(settings.mask().variable("c", "1")).isEqualTo("1");
    }

    @Test
    void aYamlListMasksToo() {
        assertThat(Settings.of(Map.of("url", URL, "mask", List.of("x"))).mask().variable("x", "1"))
                .isEqualTo("\"(masked)\"");
    }

    @Test
    void aMissingAddressOrABadNumberIsNamed() {
        assertThatThrownBy(() -> Settings.of(Map.of())).hasMessageContaining("url");
        assertThatThrownBy(() -> Settings.of(Map.of("url", "mysql://x"))).hasMessageContaining("mysql://x");
        assertThatThrownBy(() -> Settings.of(Map.of("url", URL, "batchSize", "0"))).hasMessageContaining("batchSize");
        assertThatThrownBy(() -> Settings.of(Map.of("url", URL, "batchSize", "ten"))).hasMessageContaining("ten");
    }
}
