package io.firedrill.history.report;

import io.firedrill.history.report.Document.Block;
import io.firedrill.history.report.Document.Bullets;
import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Command;
import io.firedrill.history.report.Document.Note;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import io.firedrill.history.report.Document.Text;
import io.firedrill.history.report.Document.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What came back, from which backup, how it was proven, and what was set aside for it. */
final class Restored {
    private static final String NONE = "–";

    private Restored() {}

    static Optional<Section> section(Case facts) {
        if (facts.copies().isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        if (facts.allProven()) {
            blocks.add(new Text("Every table and every file of the restored copies was compared with what was recorded"
                    + " where it came from: in the backup, or in the scratch server that was brought to a moment. All of them matched."));
        } else {
            blocks.add(new Note("Not every restored copy matched what its backup had recorded."));
        }
        blocks.add(new Table(
                List.of(
                        Column.text("What"),
                        Column.text("Backup"),
                        Column.text("Proof"),
                        Column.number("Tables"),
                        Column.number("Rows"),
                        Column.number("Files"),
                        Column.number("Size"),
                        Column.number("Took")),
                facts.copies().stream().map(Restored::copy).toList()));
        List<String> differences =
                facts.copies().stream().flatMap(Restored::differences).toList();
        if (!differences.isEmpty()) {
            blocks.add(new Bullets(differences));
        }
        return Optional.of(new Section("What was restored and proven", blocks));
    }

    private static List<Cell> copy(Tree copy) {
        boolean proven = copy.at("proven").isTrue();
        return List.of(
                Cell.of(copy.at("name").text().orElse("?")),
                Cell.of(copy.at("backup").text().orElse(NONE)),
                new Cell(proven ? "proven" : "not proven", proven ? Tone.GOOD : Tone.BAD),
                counted(copy.at("tables")),
                counted(copy.at("rows")),
                counted(copy.at("files")),
                Cell.of(copy.at("bytes").number().map(Words::bytes).orElse(NONE)),
                Cell.of(copy.at("seconds")
                        .decimal()
                        .map(seconds -> Words.duration(Duration.ofMillis(Math.round(seconds * 1000))))
                        .orElse(NONE)));
    }

    private static Cell counted(Tree number) {
        return Cell.of(number.number().filter(n -> n > 0).map(Words::number).orElse(NONE));
    }

    private static Stream<String> differences(Tree copy) {
        String name = copy.at("name").text().orElse("?");
        return Stream.concat(
                        copy.at("failure", "what").text().stream(), copy.at("differences").lines().stream())
                .map(text -> name + ": " + text);
    }

    static Optional<Section> checks(Case facts) {
        List<List<Cell>> rows = Stream.concat(
                        facts.variable("behindFence", "checks").items().stream().map(check -> check("behind the fence", check)),
                        facts.variable("serviceCheck", "checks").items().stream().map(check -> check("open to users", check)))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "Checks of the service",
                        List.of(new Table(
                                List.of(
                                        Column.text("Check"),
                                        Column.text("When"),
                                        Column.text("Result"),
                                        Column.text("Detail")),
                                rows))));
    }

    private static List<Cell> check(String when, Tree check) {
        boolean passed = check.at("passed").isTrue();
        return List.of(
                Cell.of(check.at("name").text().orElse("?")),
                Cell.of(when),
                new Cell(passed ? "passed" : "failed", passed ? Tone.GOOD : Tone.BAD),
                Cell.of(check.at("detail").text().orElse("")));
    }

    static Optional<Section> candidates(Case facts) {
        List<Block> blocks = new ArrayList<>();
        List<List<Cell>> rows = facts.variable("restorePlan", "candidates").items().stream()
                .map(Restored::candidate)
                .toList();
        if (!rows.isEmpty()) {
            blocks.add(new Table(
                    List.of(
                            Column.text("Backup"),
                            Column.text("Of"),
                            Column.text("Brings back"),
                            Column.text("Verdict"),
                            Column.text("Loses"),
                            Column.text("Why")),
                    rows));
        }
        List<String> warnings = facts.variable("restorePlan", "warnings").lines();
        if (!warnings.isEmpty()) {
            blocks.add(new Text("The approver was warned:"));
            blocks.add(new Bullets(warnings));
        }
        return blocks.isEmpty() ? Optional.empty() : Optional.of(new Section("Backups considered", blocks));
    }

    private static List<Cell> candidate(Tree candidate) {
        String verdict = candidate.at("verdict").text().orElse("");
        return List.of(
                Cell.of(candidate.at("backup").text().orElse("?")),
                Cell.of(candidate.at("source").text().orElse("")),
                Cell.of(candidate.at("snapshotAt").instant().map(Words::moment).orElse(NONE)),
                new Cell(Words.plain(verdict), verdict.equals("chosen") ? Tone.GOOD : Tone.NEUTRAL),
                Cell.of(loses(candidate)),
                Cell.of(candidate.at("why").text().orElse("")));
    }

    private static String loses(Tree candidate) {
        String seconds = candidate.at("lostSeconds").number().map(Words::duration).orElse(NONE);
        return candidate.at("lostTransactions").number()
                .map(number -> seconds + ", " + Words.count(number, "transaction", "transactions"))
                .orElse(seconds);
    }

    static Optional<Section> setAside(Case facts) {
        List<List<Cell>> rows = facts.variable("cutOver", "swaps").items().stream()
                .map(swap -> List.of(
                        Cell.of(swap.at("name").text().orElse("?")),
                        Cell.of(swap.at("current").text().orElse(NONE)),
                        Cell.of(swap.at("setAside").text().orElse(NONE)),
                        Cell.of(swap.at("setAsideBytes").number().map(Words::bytes).orElse(NONE))))
                .toList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Text("Nothing was deleted. What was damaged is kept under another name, beside what took its place."));
        blocks.add(new Table(
                List.of(
                        Column.text("What"),
                        Column.text("In use"),
                        Column.text("Set aside as"),
                        Column.number("Occupies")),
                rows));
        if (facts.incident().undoAvailable()) {
            blocks.add(new Text("Until the incident is closed the swap can be undone; a person must approve it:"));
            blocks.add(new Command("firedrill undo " + facts.incident().incident()));
        } else if (facts.outcome().equals("undone")) {
            blocks.add(new Text("The swap was undone: what is listed as set aside is in use again."));
        } else {
            blocks.add(new Text("The incident is closed: Firedrill no longer swaps back by itself."));
        }
        return Optional.of(new Section("What is set aside", blocks));
    }
}
