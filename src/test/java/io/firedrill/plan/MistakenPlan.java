package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A plan with mistakes. In its text a {@code ‸} stands where a mistake must be reported (before the character that
 * line and column name); for each there is one line of essential words, separated by {@code |}, in the file's order.
 */
record MistakenPlan(String about, String text, List<String> words) {
    private static final char HERE = '‸';
    private static final String STORES = "stores: {local: {path: /backups}}\n";

    static MistakenPlan of(String about, String text, String... words) {
        return new MistakenPlan(about, text, List.of(words));
    }

    /** The text is the body of the plan's one service, {@code shop}. */
    static MistakenPlan inShop(String about, String text, String... words) {
        return of(about, "services:\n  shop:\n" + text.indent(4) + STORES, words);
    }

    /** The text follows a good service. */
    static MistakenPlan afterServices(String about, String text, String... words) {
        return of(about, "services: {shop: {files: {uploads: {path: /data/files}}}}\n" + text, words);
    }

    /** The text follows a good service and a good store. */
    static MistakenPlan afterStores(String about, String text, String... words) {
        return afterServices(about, STORES + text, words);
    }

    /** The text is the value of a key of the database {@code orders}. */
    static MistakenPlan url(String url, String... words) {
        return inShop(
                "url " + url, "databases:\n  orders:\n    url: " + "‸".repeat(words.length) + "\"" + url + "\"", words);
    }

    void isTold(PlanFolder folder) throws IOException {
        Path file = folder.plan(text.replace(String.valueOf(HERE), ""));
        PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(file));
        assertThat(thrown).as("a mistake in:%n%s", text).isNotNull();
        List<Mistake> mistakes = thrown.mistakes();
        assertThat(mistakes.stream().map(mistake -> mistake.line() + ":" + mistake.column()))
                .as(thrown.getMessage())
                .isEqualTo(marked());
        for (int i = 0; i < words.size(); i++) {
            Mistake mistake = mistakes.get(i);
            assertThat(mistake.file()).isEqualTo(file);
            assertThat(mistake.what() + " " + mistake.instead())
                    .contains(words.get(i).split("\\|"));
            assertThat(Stream.of(mistake.what(), mistake.instead())).noneMatch(String::isBlank);
        }
        assertThat(words).as("words for every mistake").hasSameSizeAs(mistakes);
    }

    private List<String> marked() {
        List<String> places = new ArrayList<>();
        int line = 1;
        int column = 1;
        for (char c : text.toCharArray()) {
            if (c == HERE) {
                places.add(line + ":" + column);
            } else {
                line += c == '\n' ? 1 : 0;
                column = c == '\n' ? 1 : column + 1;
            }
        }
        return places;
    }

    @Override
    public String toString() {
        return about;
    }
}
