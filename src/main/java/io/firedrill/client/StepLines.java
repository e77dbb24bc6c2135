package io.firedrill.client;

import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Steps of a run as lines for people. */
public final class StepLines {
    private static final int NAME_WIDTH = 40;

    private final Terminal terminal;
    private final Times times;

    public StepLines(Terminal terminal, Times times) {
        this.terminal = terminal;
        this.times = times;
    }

    /** {@code 14:05:12 ✓ Dump database   2.3 s  what the step said}. Steps of called processes are indented. */
    public String line(Step step, String ofRun) {
        String indent = step.run().equals(ofRun) || step.run().isEmpty() ? "" : "  ";
        String when = step.endedAt().or(step::startedAt).map(times::at).orElse("        ");
        if (step.call()) {
            return "%s %s%s %s".formatted(
                    terminal.dim(step.startedAt().map(times::at).orElse(when)), indent, "▸", terminal.bold(step.name()));
        }
        String name = padded(step.name(), NAME_WIDTH - indent.length());
        return "%s %s%s %s %8s  %s".formatted(
                terminal.dim(when), indent, mark(step), name, took(step), remarks(step)).stripTrailing();
    }

    /** What an active step is doing: {@code Dump database: orders 12.3 MiB of 40.0 MiB (31 %, 8.1 MiB/s, 3 s left)}. */
    public String progress(Step step) {
        JsonNode progress = step.progress();
        String taken = Words.of(step.took(times.clock().instant()));
        if (!progress.isObject()) {
            return "%s: %s".formatted(step.name(), taken);
        }
        return "%s: %s %s, %s".formatted(step.name(), Json.text(progress, "what", ""), amounts(step), taken);
    }

    private String amounts(Step step) {
        long done = Json.number(step.progress(), "done");
        long total = Json.number(step.progress(), "total");
        String unit = Json.text(step.progress(), "unit", "");
        double seconds = Math.max(0.001, step.took(times.clock().instant()).toMillis() / 1000.0);
        double rate = done / seconds;
        String text = amount(done, unit);
        if (total > 0) {
            text += " of " + amount(total, unit) + " (" + Math.min(100, done * 100 / total) + " %)";
        }
        if (done > 0) {
            text += ", " + amount((long) rate, unit) + "/s";
        }
        if (done > 0 && total > done) {
            text += ", " + Times.rough(Duration.ofSeconds((long) Math.ceil((total - done) / rate))) + " left";
        }
        return text;
    }

    private static String amount(long amount, String unit) {
        return unit.equals("bytes") ? Words.bytes(amount) : String.format(Locale.ROOT, "%,d %s", amount, unit).strip();
    }

    private String mark(Step step) {
        return switch (step.state()) {
            case "done" -> terminal.green("✓");
            case "failed" -> terminal.red("✗");
            case "active" -> step.byPerson() ? terminal.yellow("?") : "…";
            default -> terminal.dim("–");
        };
    }

    private String took(Step step) {
        Instant now = times.clock().instant();
        return step.startedAt().isEmpty() ? "" : Words.of(step.took(now));
    }

    private String remarks(Step step) {
        StringBuilder text = new StringBuilder(step.summary());
        step.decidedBy().ifPresent(who -> text.append(text.isEmpty() ? "" : " ").append("by ").append(who));
        if (step.attempts() > 1) {
            text.append(terminal.yellow(" (" + step.attempts() + " attempts)"));
        }
        if (step.active() && step.byPerson()) {
            text.append("waits for a person");
        }
        if (step.state().equals("cancelled")) {
            text.append(terminal.dim(text.isEmpty() ? "cancelled" : " (cancelled)"));
        }
        return text.toString();
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }
}
