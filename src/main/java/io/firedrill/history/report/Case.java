package io.firedrill.history.report;

import io.firedrill.history.Incident;
import io.firedrill.history.Step;
import io.firedrill.plan.Objectives;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What every section of one report looks at. */
record Case(Incident incident, @Nullable Objectives objectives, Instant writtenAt) {
    Tree variable(String... names) {
        return new Tree(incident.variables()).at(names);
    }

    String outcome() {
        String outcome = incident.outcome();
        boolean undone = incident.undoRuns().stream().anyMatch(run -> "undone".equals(run.outcome()));
        return undone ? "undone" : outcome == null ? "" : outcome;
    }

    /** All copies that were made, whole servers first, then databases. */
    List<Tree> copies() {
        return Stream.of("restoredServers", "restoredDatabases", "restoredTables", "restoredFiles")
                .flatMap(kind -> variable(kind).items().stream())
                .toList();
    }

    boolean allProven() {
        return !copies().isEmpty()
                && copies().stream().allMatch(copy -> copy.at("proven").isTrue());
    }

    /** When the service was back for its users; the closing or the report's own time otherwise. */
    Instant end() {
        Instant closed = incident.closedAt();
        return variable("unfencedAt").instant().orElse(closed == null ? writtenAt : closed);
    }

    List<Step> decisions() {
        return incident.steps().stream().filter(Step::byPeople).toList();
    }

    List<Step> active() {
        return incident.steps().stream()
                .filter(step -> step.state().equals("active") && !step.type().equals("call-activity"))
                .toList();
    }
}
