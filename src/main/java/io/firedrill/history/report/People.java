package io.firedrill.history.report;

import io.firedrill.history.Step;
import io.firedrill.history.report.Document.Block;
import io.firedrill.history.report.Document.Bullets;
import io.firedrill.history.report.Document.Cell;
import io.firedrill.history.report.Document.Column;
import io.firedrill.history.report.Document.Fact;
import io.firedrill.history.report.Document.Moment;
import io.firedrill.history.report.Document.Section;
import io.firedrill.history.report.Document.Table;
import io.firedrill.history.report.Document.Text;
import io.firedrill.history.report.Document.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who decided what, what happened when, and what people made of it afterwards. */
final class People {
    private static final String NONE = "–";

    private People() {}

    static Optional<Section> decisions(Case facts) {
        List<List<Cell>> rows =
                facts.decisions().stream().map(step -> decision(step, facts)).toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "Decisions",
                        List.of(new Table(
                                List.of(
                                        Column.text("When"),
                                        Column.text("Decision"),
                                        Column.text("Answer"),
                                        Column.text("Who"),
                                        Column.text("Why"),
                                        Column.number("Waited")),
                                rows))));
    }

    private static List<Cell> decision(Step step, Case facts) {
        Instant ended = step.endedAt();
        return List.of(
                Cell.of(ended == null ? NONE : Words.moment(ended)),
                Cell.of(step.name()),
                answer(step),
                Cell.of(orNone(step.decidedBy())),
                Cell.of(orNone(step.reason())),
                Cell.of(Words.duration(lasted(step, facts))));
    }

    private static Cell answer(Step step) {
        String decision = step.decision();
        return switch (step.state()) {
            case "active" -> new Cell("waiting", Tone.OPEN);
            case "done" -> Cell.of(decision == null ? "done" : Words.plain(decision));
            default -> new Cell("not answered", Tone.BAD);
        };
    }

    static Optional<Section> timeline(Case facts) {
        List<Step> steps = facts.incident().steps();
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        // The bars show the recovery; the analysis, hours or days later, would shrink them to nothing.
        Instant from = facts.incident().openedAt();
        double whole = Math.max(1, Duration.between(from, facts.end()).toMillis());
        List<Moment> moments = steps.stream()
                .map(step -> moment(step, facts, from, whole))
                .toList();
        return Optional.of(new Section("Timeline", List.of(new Document.Timeline(moments))));
    }

    private static Moment moment(Step step, Case facts, Instant from, double whole) {
        return new Moment(
                Words.clock(step.startedAt(), facts.incident().openedAt()),
                step.name() + (step.attempts() > 1 ? " (%d attempts)".formatted(step.attempts()) : ""),
                step.byPeople() ? Optional.ofNullable(step.decidedBy()).orElse("nobody yet") : "Firedrill",
                step.type().endsWith("event") ? "" : Words.duration(lasted(step, facts)),
                tone(step.state()),
                step.state(),
                detail(step),
                step.byPeople(),
                step.run() != facts.incident().run(),
                Math.clamp(Duration.between(from, step.startedAt()).toMillis() / whole, 0, 1),
                Math.clamp(lasted(step, facts).toMillis() / whole, 0, 1));
    }

    private static @Nullable String detail(Step step) {
        String decision = step.decision();
        if (decision == null) {
            return step.summary();
        }
        return Words.capital(Words.plain(decision)) + (step.reason() == null ? "" : ": " + step.reason());
    }

    private static Tone tone(String state) {
        return switch (state) {
            case "done" -> Tone.GOOD;
            case "active" -> Tone.OPEN;
            case "failed" -> Tone.BAD;
            default -> Tone.NEUTRAL;
        };
    }

    private static Instant ended(Step step, Case facts) {
        Instant ended = step.endedAt();
        return ended == null ? facts.writtenAt() : ended;
    }

    private static Duration lasted(Step step, Case facts) {
        Duration lasted = Duration.between(step.startedAt(), ended(step, facts));
        return lasted.isNegative() ? Duration.ZERO : lasted;
    }

    static Optional<Section> analysis(Case facts) {
        Tree analysis = facts.variable("analysis");
        List<Block> blocks = new ArrayList<>();
        paragraph(blocks, "Summary", analysis.at("summary"));
        paragraph(blocks, "Root cause", analysis.at("rootCause"));
        paragraph(blocks, "Impact", analysis.at("impact"));
        bullets(blocks, "Went well", analysis.at("wentWell"));
        bullets(blocks, "Went wrong", analysis.at("wentWrong"));
        bullets(blocks, "Got lucky", analysis.at("gotLucky"));
        List<Fact> signed = new ArrayList<>();
        facts.variable("analysedBy").text().ifPresent(name -> signed.add(new Fact("Written by", name)));
        facts.variable("reviewedBy").text().ifPresent(name -> signed.add(new Fact("Reviewed by", name)));
        facts.variable("reviewComment").text().ifPresent(text -> signed.add(new Fact("Review", text)));
        if (!signed.isEmpty()) {
            blocks.add(new Document.Facts(signed));
        }
        if (blocks.isEmpty()) {
            blocks.add(new Text("Nobody has written the analysis."));
        }
        return Optional.of(new Section("Analysis", blocks));
    }

    private static void paragraph(List<Block> blocks, String label, Tree text) {
        text.text().ifPresent(value -> blocks.add(new Text(label + ": " + value)));
    }

    private static void bullets(List<Block> blocks, String label, Tree lines) {
        if (!lines.lines().isEmpty()) {
            blocks.add(new Text(label + ":"));
            blocks.add(new Bullets(lines.lines()));
        }
    }

    static Optional<Section> actions(Case facts) {
        List<Tree> actions = facts.variable("analysis", "actions").items();
        if (actions.isEmpty()) {
            return Optional.empty();
        }
        if (actions.stream().noneMatch(action -> action.text().isEmpty())) {
            return Optional.of(new Section(
                    "Actions", List.of(new Bullets(facts.variable("analysis", "actions").lines()))));
        }
        return Optional.of(new Section(
                "Actions",
                List.of(new Table(
                        List.of(Column.text("Action"), Column.text("Owner"), Column.text("Due")),
                        actions.stream().map(People::action).toList()))));
    }

    private static List<Cell> action(Tree action) {
        return List.of(
                Cell.of(first(action, "what", "action", "title")),
                Cell.of(first(action, "owner", "who")),
                Cell.of(first(action, "due", "date")));
    }

    /** The form may name a column in more than one way; a bare text is the action itself. */
    private static String first(Tree action, String... names) {
        for (String name : names) {
            Optional<String> text = action.at(name).text();
            if (text.isPresent()) {
                return text.get();
            }
        }
        return names[0].equals("what") ? action.text().orElse(NONE) : NONE;
    }

    private static String orNone(@Nullable String text) {
        return text == null || text.isBlank() ? NONE : text;
    }
}
