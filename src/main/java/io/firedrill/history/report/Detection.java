package io.firedrill.history.report;

import io.firedrill.history.report.Document.Fact;
import io.firedrill.history.report.Document.Facts;
import io.firedrill.history.report.Document.Section;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How it was noticed, by whom, and how long that took. */
final class Detection {
    private Detection() {}

    static Optional<Section> section(Case facts) {
        List<Fact> lines = new ArrayList<>();
        Optional.ofNullable(facts.incident().requestedBy()).ifPresent(who -> lines.add(new Fact("Noticed by", who)));
        facts.variable("requestReason").text().ifPresent(text -> lines.add(new Fact("Reported as", text)));
        facts.variable("damageBegan").instant().ifPresent(began -> lines.add(new Fact("Damage began", Words.moment(began))));
        lines.add(new Fact("Incident opened", Words.moment(facts.incident().openedAt())));
        facts.variable("damageBegan").instant()
                .map(began -> Duration.between(began, facts.incident().openedAt()))
                .filter(Duration::isPositive)
                .ifPresent(taken -> lines.add(new Fact("Unnoticed for", Words.duration(taken))));
        diagnosed(facts).ifPresent(taken -> lines.add(new Fact("Diagnosis confirmed after", Words.duration(taken))));
        return lines.size() < 2 ? Optional.empty() : Optional.of(new Section("Detection", List.of(new Facts(lines))));
    }

    private static Optional<Duration> diagnosed(Case facts) {
        return facts.decisions().stream()
                .filter(step -> "confirm".equals(step.decision()))
                .map(step -> step.endedAt())
                .filter(at -> at != null)
                .min(Instant::compareTo)
                .map(at -> Duration.between(facts.incident().openedAt(), at));
    }
}
