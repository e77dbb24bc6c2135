package io.firedrill.history.report;

import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import io.firedrill.history.report.Document.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps that a person skipped, that failed, or that were broken off, and why. */
final class NotDone {
    private NotDone() {}

    /** As the variable {@code skippedSteps} has them: {@code step name by reason at}. */
    static List<Tree> skips(Case facts) {
        return facts.variable("skippedSteps").items();
    }

    static Optional<Section> section(Case facts) {
        List<List<Cell>> rows = new ArrayList<>();
        skips(facts).forEach(skip -> rows.add(List.of(
                Cell.of(skip.at("name").text().orElse("?")),
                new Cell("skipped", Tone.OPEN),
                Cell.of(skip.at("by").text().orElse("?") + ": " + skip.at("reason").text().orElse("no reason given")))));
        Set<String> skipped = skips(facts).stream().flatMap(skip -> skip.at("step").text().stream()).collect(Collectors.toSet());
        facts.incident().steps().stream()
                .filter(step -> step.state().equals("failed") || step.state().equals("cancelled"))
                .filter(step -> !skipped.contains(String.valueOf(step.key())))
                .forEach(step -> rows.add(List.of(
                        Cell.of(step.name()),
                        new Cell(step.state(), step.state().equals("failed") ? Tone.BAD : Tone.NEUTRAL),
                        Cell.of(Optional.ofNullable(step.summary()).orElse("–")))));
        facts.variable("cancelled", "by").text().ifPresent(who -> rows.add(List.of(
                Cell.of("The rest of the recovery"),
                new Cell("cancelled", Tone.BAD),
                Cell.of(who + ": " + facts.variable("cancelled", "reason").text().orElse("no reason given")))));
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section("Steps not done", List.of(new Table(
                        List.of(Column.text("Step"), Column.text("State"), Column.text("Why")), rows))));
    }
}
