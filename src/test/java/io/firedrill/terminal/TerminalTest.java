package io.firedrill.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private Terminal terminal(boolean live, boolean coloured) {
        return new Terminal(
                new BufferedReader(new StringReader("approve\n")),
                new PrintStream(written, true, StandardCharsets.UTF_8),
                live,
                coloured,
                20);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPipeGetsNeitherColoursNorLinesThatOverwriteThemselves() {
        Terminal terminal = terminal(false, false);
        terminal.status("working");
        terminal.line(terminal.red("gone"));
        assertThat(text()).isEqualTo("gone" + System.lineSeparator());
    }

    @Test
    void aTerminalShowsAStatusCutToItsWidthAndErasesItBeforeTheNextLine() {
        Terminal terminal = terminal(true, true);
        terminal.status("a status that is longer than the terminal is wide");
        terminal.line(terminal.green("ok"));
        assertThat(text())
                .isEqualTo("\r\u001b[2Ka status that is lo\r\u001b[2K\u001b[32mok\u001b[0m" + System.lineSeparator());
    }

    @Test
    void theEndOfTheInputIsNoAnswer() {
        Terminal terminal = terminal(false, false);
        assertThat(terminal.ask("? ")).contains("approve");
        assertThat(terminal.ask("? ")).isEmpty();
    }
}
