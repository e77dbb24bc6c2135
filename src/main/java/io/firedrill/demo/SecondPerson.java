package io.firedrill.demo;

import io.firedrill.client.DecisionText;
import io.firedrill.client.Form;
import io.firedrill.client.Json;
import io.firedrill.terminal.Terminal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code --yes}: answers every task at once and says what it answered and why. */
final class SecondPerson implements Answers {
    private final Terminal terminal;

    SecondPerson(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public ObjectNode answer(JsonNode task) {
        Form form = Form.of(task);
        String name = Json.text(task, "form", "");
        ObjectNode values = form.prefilled(task);
        for (Form.Field field : form.fields()) {
            Optional<String> value = field.key().equals("decision")
                    ? Suggestions.decision(name).filter(field.choices()::contains)
                    : Suggestions.text(name, field.key()).filter(text -> !values.has(field.key()));
            value.ifPresent(text -> form.put(values, field.key(), text));
        }
        new DecisionText(terminal).gist(task).ifPresent(gist -> terminal.line("           " + gist));
        terminal.line("         %s %s: %s%s".formatted(
                terminal.yellow("?"),
                Json.text(task, "name", ""),
                terminal.bold(Answers.decider(task)) + Json.text(values, "decision").map(d -> " decides " + d).orElse(" answers"),
                Json.text(values, "reason").map(reason -> ": " + reason).orElse("")));
        return values;
    }
}
