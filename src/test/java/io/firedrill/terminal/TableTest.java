package io.firedrill.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndTheLastIsNotPadded() {
        Table table = new Table("NAME", "STATE").row("a", "done").row("longer", "x");
        assertThat(table.lines()).containsExactly("NAME    STATE", "a       done", "longer  x");
    }

    @Test
    void charactersBeyondTheBasicPlaneCountOnce() {
        Table table = new Table("N", "S").row("𝒜𝒜", "x").row("ab", "y");
        assertThat(table.lines()).containsExactly("N   S", "𝒜𝒜  x", "ab  y");
    }

    @Test
    void onlyHeadingsIsEmpty() {
        assertThat(new Table("A").isEmpty()).isTrue();
        assertThat(new Table("A").row("x").isEmpty()).isFalse();
    }
}
