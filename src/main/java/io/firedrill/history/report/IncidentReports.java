package io.firedrill.history.report;

import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import io.firedrill.history.Incident;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Reports by incident id, as text and as files. */
public final class IncidentReports {
    private final History history;
    private final RecoveryPlan plan;
    private final Path folder;
    private final Clock clock;

    public IncidentReports(History history, RecoveryPlan plan, Path folder, Clock clock) {
        this.history = history;
        this.plan = plan;
        this.folder = folder;
        this.clock = clock;
    }

    public String markdown(String incident) {
        return of(incident).markdown();
    }

    public String html(String incident) {
        return of(incident).html();
    }

    /** Made when it is asked for: no step of a recovery depends on its making. */
    public byte[] pdf(String incident) {
        return of(incident).pdf();
    }

    /** Writes {@code <incident>.md} and {@code <incident>.html}, replacing older ones; returns the HTML file. */
    public Path write(String incident) {
        Report report = of(incident);
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(incident + ".md"), report.markdown());
            return Files.writeString(folder.resolve(incident + ".html"), report.html());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Report of(String id) {
        Incident incident = history.incident(id).orElseThrow(() -> new Failure(
                        "unknown-incident",
                        "There is no incident '%s'.".formatted(id),
                        "No report was written.",
                        "List the recoveries: firedrill runs")
                .lasting());
        return Report.of(incident, objectives(incident).orElse(null), clock.instant());
    }

    private Optional<Objectives> objectives(Incident incident) {
        return Optional.ofNullable(incident.service()).map(plan.services()::get).map(Service::objectives);
    }
}
