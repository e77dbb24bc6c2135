package io.firedrill.history.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A report before it is Markdown or HTML. All text in it is plain; the pages escape. */
record Document(String title, Verdict verdict, String summary, List<Section> sections) {

    enum Tone {
        GOOD,
        BAD,
        OPEN,
        NEUTRAL
    }

    /** The outcome in a few words. */
    record Verdict(Tone tone, String text) {}

    record Section(String title, List<Block> blocks) {}

    sealed interface Block {}

    record Text(String text) implements Block {}

    /** Something the reader should do or beware of. */
    record Note(String text) implements Block {}

    /** A command to type. */
    record Command(String text) implements Block {}

    record Bullets(List<String> items) implements Block {}

    record Facts(List<Fact> facts) implements Block {}

    record Fact(String label, String value) {}

    record Table(List<Column> columns, List<List<Cell>> rows) implements Block {}

    record Column(String title, boolean number) {
        static Column text(String title) {
            return new Column(title, false);
        }

        static Column number(String title) {
            return new Column(title, true);
        }
    }

    record Cell(String text, Tone tone) {
        static Cell of(String text) {
            return new Cell(text, Tone.NEUTRAL);
        }
    }

    record Measures(List<Measure> measures) implements Block {}

    /** {@code met} null: not known. */
    record Measure(String name, String objective, String actual, @Nullable Boolean met) {}

    /** A whole and its parts, in seconds. */
    record Shares(List<Share> shares) implements Block {}

    record Share(String name, long seconds, boolean people) {}

    record Timeline(List<Moment> moments) implements Block {}

    /** {@code from} and {@code width} are shares of the recovery's time, 0 to 1. */
    record Moment(
            String at,
            String name,
            String who,
            String lasted,
            Tone tone,
            String state,
            @Nullable String detail,
            boolean people,
            boolean called,
            double from,
            double width) {}
}
