package io.firedrill.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    private static final String INCIDENT = "INC-20261123-084512-shop";

    @Test
    void namesTellTheIncident() {
        assertThat(Names.beside("orders", INCIDENT)).isEqualTo("orders_restoring_20261123_084512");
        assertThat(Names.setAside("orders", INCIDENT)).isEqualTo("orders_set_aside_20261123_084512");
        assertThat(Names.undone("orders", INCIDENT)).isEqualTo("orders_undone_20261123_084512");
        assertThat(Names.besidePath(Path.of("/data/files"), INCIDENT)).isEqualTo(Path.of("/data/files_restoring_20261123_084512"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_123", "базаданныхсоченьдлиннымименем_заказы",
        "☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃☃", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"})
    void longNamesAreCutBetweenCharacters(String name) {
        String beside = Names.beside(name, INCIDENT);
        assertThat(beside.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(63).isGreaterThan(58);
        assertThat(beside).doesNotContain("\ufffd").endsWith("_restoring_20261123_084512");
        assertThat(Names.setAside(name, INCIDENT)).isNotEqualTo(beside);
    }

    @Test
    void longNamesThatBeginAlikeStayApart() {
        String one = "x".repeat(62) + "1";
        String two = "x".repeat(62) + "2";
        assertThat(Names.beside(one, INCIDENT)).isNotEqualTo(Names.beside(two, INCIDENT));
    }

    @Test
    void otherIncidentIdsGiveNamesToo() {
        assertThat(Names.token("drill/Nightly #4")).isEqualTo("drill_nightly_4");
    }

    @Test
    void onlyRestoredCopiesMayBeRemoved() {
        assertThatThrownBy(() -> Names.requireBeside("orders")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Names.requireBeside(Names.setAside("orders", INCIDENT))).isInstanceOf(IllegalArgumentException.class);
    }
}
