package io.firedrill.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LineDiffTest {
    private static String diff(List<String> old, List<String> now) {
        return LineDiff.of(old, now).stream().map(line -> line.sign() + line.text()).collect(Collectors.joining("|"));
    }

    @Test
    void onlyWhatDiffersIsMarked() {
        assertThat(diff(List.of("a", "b", "c"), List.of("a", "x", "c", "d"))).isEqualTo(" a|-b|+x| c|+d");
        assertThat(diff(List.of("a"), List.of("a"))).isEqualTo(" a");
        assertThat(diff(List.of(), List.of("a"))).isEqualTo("+a");
    }

    @Property(tries = 200)
    void oldAndNewCanBothBeReadFromIt(
            @ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> old, @ForAll @Size(max = 12) List<@IntRange(max = 3) Integer> now) {
        List<String> before = old.stream().map(String::valueOf).toList();
        List<String> after = now.stream().map(String::valueOf).toList();
        List<LineDiff.Line> lines = LineDiff.of(before, after);
        assertThat(lines.stream().filter(line -> line.sign() != '+').map(LineDiff.Line::text)).isEqualTo(before);
        assertThat(lines.stream().filter(line -> line.sign() != '-').map(LineDiff.Line::text)).isEqualTo(after);
    }
}
