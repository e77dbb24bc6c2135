package io.firedrill.history.report;

import io.firedrill.failure.Failure;
import io.firedrill.history.Incident;
import io.firedrill.history.Run;
import io.firedrill.history.RunDetail;
import io.firedrill.history.report.Document.Block;
import io.firedrill.history.report.Document.Bullets;
import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Fact;
import io.firedrill.history.report.Document.Facts;
import io.firedrill.history.report.Document.Measure;
import io.firedrill.history.report.Document.Measures;
import io.firedrill.history.report.Document.Note;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import io.firedrill.history.report.Document.Text;
import io.firedrill.history.report.Document.Tone;
import io.firedrill.history.report.Document.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report of a drill: what was rehearsed, what came out, against which promise, and how it can be checked. */
public final class DrillReport {
    private final Document document;

    private DrillReport(Document document) {
        this.document = document;
    }

    /**
     * What the report says beyond the run's own steps and variables.
     *
     * @param rtoSeconds and {@code rpoSeconds} null: not reached, so not measured
     * @param excluded what of a real recovery was not rehearsed, and why
     * @param manifests the backups' manifests in the pack: file, id, SHA-256
     */
    public record Outcome(
            String drill,
            boolean proven,
            @Nullable Double rtoSeconds,
            @Nullable Double rpoSeconds,
            @Nullable Failure failure,
            List<String> excluded,
            List<ManifestCopy> manifests) {}

    public record ManifestCopy(String file, String backup, String sha256) {}

    public static DrillReport of(RunDetail detail, Outcome outcome, Instant writtenAt) {
        Case facts = new Case(incident(detail, outcome), null, writtenAt);
        List<Section> sections = new ArrayList<>();
        sections.add(overview(facts, detail.run(), outcome, writtenAt));
        sections.add(objectives(facts, outcome));
        failure(outcome).ifPresent(sections::add);
        Stream.of(Restored.section(facts), checks(facts), Optional.of(scope(outcome)), People.timeline(facts), Restored.candidates(facts))
                .flatMap(Optional::stream)
                .forEach(sections::add);
        evidence(outcome).ifPresent(sections::add);
        return new DrillReport(new Document("Drill " + outcome.drill(), verdict(facts, outcome), summary(facts, outcome), sections));
    }

    private static Incident incident(RunDetail detail, Outcome outcome) {
        Run run = detail.run();
        Instant opened = new Tree(detail.variables()).at("openedAt").instant().orElse(run.startedAt());
        return new Incident(outcome.drill(), run.service(), "closed", run.id(), opened, null, run.requestedBy(), null, null,
                outcome.proven() ? "proven" : "failed", false, detail.steps(), detail.variables(), List.of());
    }

    private static Verdict verdict(Case facts, Outcome outcome) {
        if (!outcome.proven()) {
            return new Verdict(Tone.BAD, "Not proven");
        }
        boolean met = Stream.of(rto(facts, outcome), rpo(facts, outcome)).allMatch(measure -> Boolean.TRUE.equals(measure.met()));
        return met ? new Verdict(Tone.GOOD, "Proven, objectives met") : new Verdict(Tone.OPEN, "Proven, an objective missed");
    }

    private static String summary(Case facts, Outcome outcome) {
        String service = Optional.ofNullable(facts.incident().service()).orElse("The service");
        return outcome.proven()
                ? "%s was restored from its newest backups on a scratch server and everything equals what the backups recorded."
                                .formatted(service)
                        + " The service itself was not touched."
                : "%s could not be restored and proven from its backups. The service itself was not touched; a real recovery"
                                .formatted(service)
                        + " would have failed in the same way.";
    }

    private static Section overview(Case facts, Run run, Outcome outcome, Instant writtenAt) {
        List<Fact> lines = new ArrayList<>();
        lines.add(new Fact("Drill", outcome.drill()));
        lines.add(new Fact("Service", Optional.ofNullable(run.service()).orElse("?")));
        lines.add(new Fact("Asked for by", Optional.ofNullable(run.requestedBy()).orElse("?")));
        lines.add(new Fact("Run", String.valueOf(run.id())));
        lines.add(new Fact("Began", Words.moment(facts.incident().openedAt())));
        lines.add(new Fact("Report written", Words.moment(writtenAt)));
        facts.variable("planDigest").text().ifPresent(digest -> lines.add(new Fact("Plan (SHA-256)", digest)));
        return new Section("Overview", List.of(new Facts(lines)));
    }

    private static Section objectives(Case facts, Outcome outcome) {
        return new Section("Objectives", List.of(
                new Measures(List.of(rpo(facts, outcome), rto(facts, outcome))),
                new Text("Time to recover counts from the opening of the drill until everything was proven, the making of the"
                        + " scratch server included; people's time to decide is not in it. Data lost is the age of the oldest"
                        + " backup used when the drill began.")));
    }

    private static Measure rpo(Case facts, Outcome outcome) {
        return measure("Data lost (RPO)", facts.variable("objectives", "rpoSeconds").number(), outcome.rpoSeconds());
    }

    private static Measure rto(Case facts, Outcome outcome) {
        return measure("Time to recover (RTO)", facts.variable("objectives", "rtoSeconds").number(), outcome.rtoSeconds());
    }

    private static Measure measure(String name, Optional<Long> objective, @Nullable Double actual) {
        return new Measure(
                name,
                objective.map(seconds -> "at most " + Words.duration(seconds)).orElse("no objective known"),
                actual == null ? "not reached" : Words.duration(Duration.ofMillis(Math.round(actual * 1000))),
                actual == null || objective.isEmpty() ? null : actual <= objective.get());
    }

    private static Optional<Section> failure(Outcome outcome) {
        Failure failure = outcome.failure();
        return failure == null
                ? Optional.empty()
                : Optional.of(new Section("Why it failed", List.of(
                        new Note(failure.what()), new Text(failure.meaning()), new Text("Next: " + failure.next()))));
    }

    private static Optional<Section> checks(Case facts) {
        List<List<Cell>> rows = facts.variable("score", "checks").items().stream()
                .map(check -> List.of(
                        Cell.of(check.at("name").text().orElse("?")),
                        check.at("passed").isTrue() ? new Cell("passed", Tone.GOOD) : new Cell("failed", Tone.BAD),
                        Cell.of(check.at("detail").text().orElse(""))))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section("Checks on what was restored",
                        List.of(new Table(List.of(Column.text("Check"), Column.text("Result"), Column.text("Detail")), rows))));
    }

    private static Section scope(Outcome outcome) {
        return new Section("Scope", List.of(
                new Text("Rehearsed: choosing the backups, restoring databases and files by the processes restore-database and"
                        + " restore-files of a real recovery, and the proof of every table and file. Not rehearsed:"),
                new Bullets(outcome.excluded())));
    }

    private static Optional<Section> evidence(Outcome outcome) {
        if (outcome.manifests().isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = List.of(
                new Text("Beside this report lie the manifests as they are in the store, the run with every step and variable"
                        + " (run.json), and SHA256SUMS over all of it: sha256sum --check SHA256SUMS."),
                new Table(
                        List.of(Column.text("Backup"), Column.text("Manifest"), Column.text("SHA-256")),
                        outcome.manifests().stream()
                                .map(copy -> List.of(Cell.of(copy.backup()), Cell.of(copy.file()), Cell.of(copy.sha256())))
                                .toList()));
        return Optional.of(new Section("Evidence", blocks));
    }

    /** GitHub-flavoured Markdown. */
    public String markdown() {
        return MarkdownPage.write(document);
    }

    /** One HTML page that needs nothing else. */
    public String html() {
        return HtmlPage.write(document);
    }

    /** A4 pages. */
    public byte[] pdf() {
        return PdfPage.write(document);
    }
}
