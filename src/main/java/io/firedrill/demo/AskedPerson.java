package io.firedrill.demo;

import io.firedrill.client.DecisionText;
import io.firedrill.client.Form;
import io.firedrill.client.Json;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows the person at the terminal what they need to know, and asks. No answer is never a yes. */
final class AskedPerson implements Answers {
    private static final List<String> REFUSALS = List.of("reject", "stop", "give-up", "stay-local", "undo", "noted", "close");

    private final Terminal terminal;

    AskedPerson(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public ObjectNode answer(JsonNode task) {
        terminal.blank();
        terminal.line(terminal.bold(terminal.yellow("? " + Json.text(task, "name", ""))) + ", as " + Answers.decider(task));
        new DecisionText(terminal).of(task).forEach(line -> terminal.line("  " + line));
        Form form = Form.of(task);
        ObjectNode values = form.prefilled(task);
        for (Form.Field field : form.fields()) {
            if (!values.has(field.key()) && field.required()) {
                form.put(values, field.key(), ask(task, field));
            }
        }
        terminal.blank();
        return values;
    }

    private String ask(JsonNode task, Form.Field field) {
        return field.choices().isEmpty() ? askText(task, field) : askChoice(field);
    }

    /** A decision has no default: it must be typed. */
    private String askChoice(Form.Field field) {
        while (true) {
            Optional<String> answer =
                    terminal.ask("  %s [%s]: ".formatted(field.label(), String.join(" / ", field.choices())));
            if (answer.isEmpty()) {
                terminal.line("");
                return refusal(field);
            }
            if (field.choices().contains(answer.get())) {
                return answer.get();
            }
        }
    }

    /** The input ended. Where only a yes or going round is left, as for an analysis sent back for ever, the demo ends. */
    private static String refusal(Form.Field field) {
        return REFUSALS.stream().filter(field.choices()::contains).findFirst()
                .orElseThrow(() -> new Failure(
                                "demo-unanswered",
                                "The input ended before an answer to: %s.".formatted(field.label()),
                                "The demo stops here; nothing outside its folder was touched.",
                                "Run it in a terminal, or let it answer itself: firedrill demo --yes")
                        .lasting());
    }

    private String askText(JsonNode task, Form.Field field) {
        String offered = Suggestions.text(field.key()).orElse("-");
        String question = field.key().equals("reason")
                ? "  %s: ".formatted(field.label())
                : "  %s [Enter: %s]: ".formatted(field.label(), offered);
        return terminal.ask(question).filter(text -> !text.isEmpty())
                .orElse(field.key().equals("reason") ? "No reason was given." : offered);
    }
}
