package io.firedrill.history.report;

import io.firedrill.history.Incident;
import io.firedrill.plan.Objectives;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The report of an incident. It can be written at any time: what is not known yet is left out or said to be open, so a
 * rejected recovery or one still under way makes a readable report too.
 */
public final class Report {
    private final Document document;

    private Report(Document document) {
        this.document = document;
    }

    /**
     * @param objectives the service's, or null when the plan no longer has it; then there is nothing to measure against
     * @param writtenAt until when an incident still open is told
     */
    public static Report of(Incident incident, @Nullable Objectives objectives, Instant writtenAt) {
        Case facts = new Case(incident, objectives, writtenAt);
        List<Document.Section> sections = new ArrayList<>();
        Stream.of(
                        Overview.facts(facts),
                        Damage.section(facts),
                        Detection.section(facts),
                        Restored.section(facts),
                        Targets.objectives(facts),
                        Targets.time(facts),
                        People.decisions(facts),
                        Participants.section(facts),
                        Restored.checks(facts),
                        NotDone.section(facts),
                        People.timeline(facts),
                        Restored.candidates(facts),
                        Restored.setAside(facts),
                        People.analysis(facts),
                        People.actions(facts))
                .flatMap(Optional::stream)
                .forEach(sections::add);
        return new Report(new Document(
                "Incident " + incident.incident(), Overview.verdict(facts), Overview.summary(facts), sections));
    }

    /** GitHub-flavoured Markdown. */
    public String markdown() {
        return MarkdownPage.write(document);
    }

    /** One HTML page that needs nothing else: no script, no outside resource; prints well. */
    public String html() {
        return HtmlPage.write(document);
    }

    /** A4 pages. */
    public byte[] pdf() {
        return PdfPage.write(document);
    }
}
