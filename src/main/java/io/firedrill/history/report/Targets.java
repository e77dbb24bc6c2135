package io.firedrill.history.report;

import io.firedrill.history.Timeline;
import io.firedrill.history.report.Document.Measure;
import io.firedrill.history.report.Document.Measures;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Share;
import io.firedrill.history.report.Document.Shares;
import io.firedrill.history.report.Document.Text;
import io.firedrill.plan.Objectives;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was promised against what was reached, and who the time went to. */
final class Targets {
    private Targets() {}

    static Optional<Section> objectives(Case facts) {
        Objectives objectives = facts.objectives();
        Optional<Long> lost = facts.variable("loss", "lostSeconds").number();
        Optional<Long> away = facts.variable("loss", "rtoSeconds").number();
        if (objectives == null && lost.isEmpty() && away.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Section(
                "Objectives",
                List.of(new Measures(List.of(
                        measure("Data lost (RPO)", objectives == null ? null : objectives.rpo(), lost),
                        measure("Time to recover (RTO)", objectives == null ? null : objectives.rto(), away))))));
    }

    private static Measure measure(
            String name, @Nullable Duration objective, Optional<Long> actual) {
        return new Measure(
                name,
                objective == null ? "no objective known" : "at most " + Words.duration(objective),
                actual.map(Words::duration).orElse("not measured"),
                objective == null || actual.isEmpty() ? null : actual.get() <= objective.toSeconds());
    }

    static Optional<Section> time(Case facts) {
        Timeline timeline = Timeline.of(facts.incident().steps(), facts.incident().openedAt(), facts.end());
        if (timeline.peopleSeconds() + timeline.machineSeconds() == 0) {
            return Optional.empty();
        }
        String until = facts.variable("unfencedAt").isThere() ? "the service was open to users again" : "the end";
        return Optional.of(new Section(
                "Where the time went",
                List.of(
                        new Text("From the opening of the incident until %s: %s."
                                .formatted(
                                        until,
                                        Words.duration(timeline.peopleSeconds() + timeline.machineSeconds()))),
                        new Shares(List.of(
                                new Share("Machines worked", timeline.machineSeconds(), false),
                                new Share("Decisions of people", timeline.peopleSeconds(), true))))));
    }
}
