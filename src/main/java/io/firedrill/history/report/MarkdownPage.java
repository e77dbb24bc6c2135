package io.firedrill.history.report;

import java.util.List;
import java.util.stream.Collectors;

/** A document as GitHub-flavoured Markdown. */
final class MarkdownPage {
    private MarkdownPage() {}

    static String write(Document document) {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(escape(document.title())).append("\n\n");
        out.append("**").append(escape(document.verdict().text())).append("**\n\n");
        out.append(escape(document.summary())).append("\n\n");
        for (Document.Section section : document.sections()) {
            out.append("## ").append(escape(section.title())).append("\n\n");
            section.blocks().forEach(block -> out.append(block(block)).append("\n\n"));
        }
        return out.toString().stripTrailing() + "\n";
    }

    private static String block(Document.Block block) {
        return switch (block) {
            case Document.Text text -> escape(text.text());
            case Document.Note note -> "> **Note:** " + escape(note.text());
            case Document.Command command -> "    " + command.text();
            case Document.Bullets bullets -> lines(bullets.items().stream().map(item -> "- " + escape(item)).toList());
            case Document.Facts facts -> table(
                    List.of("", ""),
                    "| --- | --- |",
                    facts.facts().stream()
                            .map(fact -> List.of("**" + escape(fact.label()) + "**", escape(fact.value())))
                            .toList());
            case Document.Table table -> table(
                    table.columns().stream().map(column -> escape(column.title())).toList(),
                    table.columns().stream()
                            .map(column -> column.number() ? "---:" : "---")
                            .collect(Collectors.joining(" | ", "| ", " |")),
                    table.rows().stream()
                            .map(row -> row.stream().map(cell -> escape(cell.text())).toList())
                            .toList());
            case Document.Measures measures -> table(
                    List.of("", "Objective", "Actual", ""),
                    "| --- | --- | --- | --- |",
                    measures.measures().stream()
                            .map(measure -> List.of(
                                    escape(measure.name()), escape(measure.objective()), escape(measure.actual()), met(measure)))
                            .toList());
            case Document.Shares shares -> table(
                    List.of("", "Time"),
                    "| --- | ---: |",
                    shares.shares().stream()
                            .map(share -> List.of(escape(share.name()), Words.duration(share.seconds())))
                            .toList());
            case Document.Timeline timeline -> table(
                    List.of("Time (UTC)", "Step", "Who", "Took", "State", "What"),
                    "| --- | --- | --- | ---: | --- | --- |",
                    timeline.moments().stream().map(MarkdownPage::moment).toList());
        };
    }

    static String met(Document.Measure measure) {
        Boolean met = measure.met();
        return met == null ? "" : met ? "met" : "missed";
    }

    private static List<String> moment(Document.Moment moment) {
        String detail = moment.detail();
        return List.of(
                moment.at(),
                (moment.called() ? "↳ " : "") + escape(moment.name()),
                escape(moment.who()),
                moment.lasted(),
                moment.state(),
                detail == null ? "" : escape(detail));
    }

    private static String table(List<String> titles, String rule, List<List<String>> rows) {
        return row(titles) + "\n" + rule + "\n" + lines(rows.stream().map(MarkdownPage::row).toList());
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines);
    }

    /** Text stays text: nothing a person or a server wrote may become a link, a tag or a table column. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (char c : text.strip().toCharArray()) {
            if (c == '\n' || c == '\r' || c == '\t') {
                out.append(' ');
            } else if ("\\`*_{}[]<>#|~!&".indexOf(c) >= 0) {
                out.append('\\').append(c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
