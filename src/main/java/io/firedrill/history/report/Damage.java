package io.firedrill.history.report;

import io.firedrill.history.report.Document.Block;
import io.firedrill.history.report.Document.Bullets;
import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import io.firedrill.history.report.Document.Text;
import io.firedrill.history.report.Document.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the evidence showed, and what stays lost. */
final class Damage {
    private Damage() {}

    static Optional<Section> section(Case facts) {
        List<Block> blocks = new ArrayList<>();
        findings(facts).ifPresent(blocks::add);
        damaged(facts).ifPresent(blocks::add);
        blocks.addAll(stillLost(facts));
        return blocks.isEmpty() ? Optional.empty() : Optional.of(new Section("What was lost", blocks));
    }

    private static Optional<Block> findings(Case facts) {
        List<List<Cell>> rows = facts.variable("evidence", "findings").items().stream()
                .map(finding -> List.of(
                        severity(finding.at("severity").text().orElse("")),
                        Cell.of(finding.at("about").text().orElse("")),
                        Cell.of(finding.at("text").text().orElse(""))))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Table(
                        List.of(Column.text("Severity"), Column.text("About"), Column.text("Finding")), rows));
    }

    private static Cell severity(String severity) {
        return new Cell(
                severity,
                switch (severity) {
                    case "damage" -> Tone.BAD;
                    case "warning" -> Tone.OPEN;
                    default -> Tone.NEUTRAL;
                });
    }

    private static Optional<Block> damaged(Case facts) {
        List<String> items = Stream.of("databases", "fileSets")
                .flatMap(kind -> facts.variable("evidence", kind).items().stream())
                .filter(source -> source.at("damaged").isTrue())
                .map(source -> source.at("name").text().orElse("?") + ": "
                        + String.join(", ", source.at("tables").lines()))
                .toList();
        return items.isEmpty() ? Optional.empty() : Optional.of(new Bullets(items));
    }

    private static List<Block> stillLost(Case facts) {
        List<Block> blocks = new ArrayList<>();
        facts.variable("loss", "lostSeconds")
                .number()
                .ifPresent(seconds -> blocks.add(new Text(
                        "Data written in the %s between the moment that came back and the recovery is not in the restored copy."
                                .formatted(Words.duration(seconds)))));
        List<List<Cell>> rows = facts.variable("loss", "tables").items().stream()
                .filter(table -> table.at("table").isThere())
                .map(table -> List.of(Cell.of(name(table)), Cell.of(number(table.at("rows")))))
                .toList();
        if (!rows.isEmpty()) {
            blocks.add(new Text("Rows written after that moment, kept in what was set aside: "
                    + facts.variable("loss", "lostRows").number().map(Words::number).orElse("not counted") + "."));
            blocks.add(new Table(List.of(Column.text("Table"), Column.number("Rows")), rows));
        }
        return blocks;
    }

    private static String name(Tree table) {
        return String.join(
                ".",
                Stream.of("database", "schema", "table")
                        .flatMap(part -> table.at(part).text().stream())
                        .toList());
    }

    private static String number(Tree number) {
        return number.number().map(Words::number).orElse("–");
    }
}
