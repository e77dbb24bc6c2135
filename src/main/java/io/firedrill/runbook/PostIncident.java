package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.history.Timeline;
import io.firedrill.history.report.IncidentReports;
import java.time.Clock;
import java.time.Instant;

/** Process {@code post-incident}: what happened, what was learnt, the report. */
@Process("post-incident")
public final class PostIncident {
    private final History history;
    private final IncidentReports reports;
    private final Clock clock;

    public PostIncident(History history, IncidentReports reports, Clock clock) {
        this.history = history;
        this.reports = reports;
        this.clock = clock;
    }

    public record Of(String incident) {}

    public record Collected(Timeline timeline, String summary) {}

    public Collected collectTimeline(Of of) {
        // The log may be some hundred milliseconds behind the engine: not there yet means try again.
        Incident incident = history.incident(of.incident()).orElseThrow(() -> new Failure(
                        "history-behind",
                        "The history does not know %s yet.".formatted(of.incident()),
                        "The recovery itself is done; only its timeline waits.",
                        "Wait; if it stays, look whether the exporter is loaded in the engine: docs/history.md")
                .passing());
        Timeline timeline = Timeline.of(incident.steps(), incident.openedAt(), clock.instant());
        return new Collected(timeline, Sentences.timeline(timeline));
    }

    public record Written(String reportPath, String summary) {}

    public Written writeReport(Of of) {
        String path = reports.write(of.incident()).toString();
        return new Written(path, path);
    }

    public record Closed(Instant closedAt, String summary) {}

    public Closed closeIncident(Of of) {
        return new Closed(clock.instant(), of.incident() + " is closed; what was set aside is kept, undo has ended");
    }
}
