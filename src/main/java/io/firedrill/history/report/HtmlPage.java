package io.firedrill.history.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A document as one HTML page with its style inside and no script. */
final class HtmlPage {
    private static final String STYLE = read("report.css");

    private HtmlPage() {}

    static String write(Document document) {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(escape(document.title()), STYLE, content(document));
    }

    /** What the reader sees, well-formed as XML too. */
    static String content(Document document) {
        return """
                <header>
                <p class="verdict %s">%s</p>
                <h1>%s</h1>
                <p class="summary">%s</p>
                </header>
                %s""".formatted(
                        tone(document.verdict().tone()),
                        escape(document.verdict().text()),
                        escape(document.title()),
                        escape(document.summary()),
                        each(document.sections(), HtmlPage::section));
    }

    private static String section(Document.Section section) {
        return "<section>\n<h2>%s</h2>\n%s</section>\n"
                .formatted(escape(section.title()), each(section.blocks(), HtmlPage::block));
    }

    private static String block(Document.Block block) {
        return switch (block) {
            case Document.Text text -> "<p>" + escape(text.text()) + "</p>\n";
            case Document.Note note -> "<p class=\"note\">" + escape(note.text()) + "</p>\n";
            case Document.Command command -> "<pre><code>" + escape(command.text()) + "</code></pre>\n";
            case Document.Bullets bullets ->
                "<ul>\n" + each(bullets.items(), item -> "<li>" + escape(item) + "</li>\n") + "</ul>\n";
            case Document.Facts facts ->
                "<dl>\n"
                        + each(
                                facts.facts(),
                                fact -> "<div><dt>%s</dt><dd>%s</dd></div>\n"
                                        .formatted(escape(fact.label()), escape(fact.value())))
                        + "</dl>\n";
            case Document.Table table -> table(table);
            case Document.Measures measures ->
                "<div class=\"measures\">\n" + each(measures.measures(), HtmlPage::measure) + "</div>\n";
            case Document.Shares shares -> shares(shares);
            case Document.Timeline timeline ->
                "<ol class=\"timeline\">\n" + each(timeline.moments(), HtmlPage::moment) + "</ol>\n";
        };
    }

    private static String table(Document.Table table) {
        StringBuilder rows = new StringBuilder();
        for (List<Document.Cell> row : table.rows()) {
            rows.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                rows.append(cell(row.get(i), table.columns().get(i).number()));
            }
            rows.append("</tr>\n");
        }
        return "<div class=\"scroll\"><table>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody>\n</table></div>\n"
                .formatted(
                        each(
                                table.columns(),
                                column -> "<th scope=\"col\"%s>%s</th>"
                                        .formatted(number(column.number()), escape(column.title()))),
                        rows);
    }

    private static String cell(Document.Cell cell, boolean number) {
        String text = cell.tone() == Document.Tone.NEUTRAL
                ? escape(cell.text())
                : "<span class=\"mark %s\">%s</span>".formatted(tone(cell.tone()), escape(cell.text()));
        return "<td%s>%s</td>".formatted(number(number), text);
    }

    private static String number(boolean number) {
        return number ? " class=\"number\"" : "";
    }

    private static String measure(Document.Measure measure) {
        Boolean met = measure.met();
        Document.Tone tone =
                met == null ? Document.Tone.NEUTRAL : met ? Document.Tone.GOOD : Document.Tone.BAD;
        return "<div class=\"measure %s\"><h3>%s</h3><p class=\"actual\">%s</p><p>Objective: %s%s</p></div>\n"
                .formatted(
                        tone(tone),
                        escape(measure.name()),
                        escape(measure.actual()),
                        escape(measure.objective()),
                        met == null ? "" : " · <strong>" + MarkdownPage.met(measure) + "</strong>");
    }

    private static String shares(Document.Shares shares) {
        long whole = Math.max(
                1, shares.shares().stream().mapToLong(Document.Share::seconds).sum());
        return "<div class=\"shares\" aria-hidden=\"true\">%s</div>\n<ul class=\"legend\">\n%s</ul>\n"
                .formatted(
                        each(
                                shares.shares(),
                                share -> "<span class=\"%s\" style=\"width:%s%%\"></span>"
                                        .formatted(who(share.people()), percent((double) share.seconds() / whole))),
                        each(
                                shares.shares(),
                                share -> "<li class=\"%s\">%s: <strong>%s</strong></li>\n"
                                        .formatted(
                                                who(share.people()),
                                                escape(share.name()),
                                                Words.duration(share.seconds()))));
    }

    private static String moment(Document.Moment moment) {
        String detail = moment.detail();
        return """
                <li class="%s %s%s"><time>%s</time><div class="what"><p><span class="name">%s</span> %s\
                <span class="who">%s</span></p>%s</div><span class="lasted">%s</span>%s</li>
                """.formatted(
                        tone(moment.tone()),
                        who(moment.people()),
                        moment.called() ? " called" : "",
                        escape(moment.at()),
                        escape(moment.name()),
                        moment.tone() == Document.Tone.GOOD
                                ? ""
                                : "<span class=\"mark %s\">%s</span> ".formatted(tone(moment.tone()), escape(moment.state())),
                        escape(moment.who()),
                        detail == null ? "" : "<p class=\"detail\">" + escape(detail) + "</p>",
                        escape(moment.lasted()),
                        bar(moment));
    }

    /** Nothing for what began after the whole. */
    private static String bar(Document.Moment moment) {
        return moment.from() >= 1
                ? ""
                : "<span class=\"bar\" aria-hidden=\"true\"><i style=\"margin-left:%s%%;width:%s%%\"></i></span>"
                        .formatted(
                                percent(moment.from()), percent(Math.min(moment.width(), 1 - moment.from())));
    }

    private static String who(boolean people) {
        return people ? "people" : "machine";
    }

    private static String tone(Document.Tone tone) {
        return tone.name().toLowerCase(Locale.ROOT);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f", share * 100);
    }

    private static <T> String each(List<T> items, Function<T, String> html) {
        return items.stream().map(html).collect(Collectors.joining());
    }

    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (char c : text.toCharArray()) {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    static String read(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
