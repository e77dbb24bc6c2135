package io.firedrill.runbook;

import io.firedrill.history.Timeline;
import io.firedrill.history.Timelines;
import io.firedrill.history.Reports;
import java.time.Clock;
import java.time.Instant;

/** Process {@code post-incident}: what happened, what was learnt, the report. */
@Process("post-incident")
public final class PostIncident {
    private final Timelines timelines;
    private final Reports reports;
    private final Clock clock;

    public PostIncident(Timelines timelines, Reports reports, Clock clock) {
        this.timelines = timelines;
        this.reports = reports;
        this.clock = clock;
    }

    public record Of(String incident) {}

    public record Collected(Timeline timeline, String summary) {}

    public Collected collectTimeline(Of of) {
        Timeline timeline = timelines.of(of.incident());
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
