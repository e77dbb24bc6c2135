package io.firedrill.history.report;

import io.firedrill.history.Step;
import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everybody who took part, and by what. */
final class Participants {
    private Participants() {}

    static Optional<Section> section(Case facts) {
        Map<String, Set<String>> parts = new LinkedHashMap<>();
        add(parts, facts.incident().requestedBy(), "Asked for the recovery");
        for (Step step : facts.decisions()) {
            add(parts, step.decidedBy(), step.name());
        }
        NotDone.skips(facts).forEach(skip -> add(parts, skip.at("by").text().orElse(null), "Skipped: " + skip.at("name").text().orElse("?")));
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section("People", List.of(new Table(
                        List.of(Column.text("Who"), Column.text("Part")),
                        parts.entrySet().stream()
                                .map(one -> List.of(Cell.of(one.getKey()), Cell.of(String.join("; ", one.getValue()))))
                                .toList()))));
    }

    private static void add(Map<String, Set<String>> parts, @Nullable String who, String part) {
        if (who != null && !who.isBlank()) {
            parts.computeIfAbsent(who, name -> new LinkedHashSet<>()).add(part);
        }
    }
}
