package io.firedrill.demo;

import io.firedrill.client.DecisionText;
import io.firedrill.client.Form;
import io.firedrill.client.Json;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code --yes}: answers every task at once and says what it answered and why. What is asked again in the same run is tried
 * again a few times at most, and then stopped or undone.
 */
final class SecondPerson implements Answers {
    /** More often than any way through the processes asks one question when the answers end it. */
    private static final int TOO_OFTEN = 8;

    private final Terminal terminal;
    private final Map<String, Integer> asked = new HashMap<>();
    private final Map<String, ObjectNode> given = new HashMap<>();

    SecondPerson(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The same task asked again, as its answer was not taken, gets the same answer. */
    @Override
    public ObjectNode answer(JsonNode task) {
        String key = Json.text(task, "key", "");
        ObjectNode values = given.get(key);
        if (values == null) {
            values = decide(task);
            given.put(key, values);
        }
        return values.deepCopy();
    }

    private ObjectNode decide(JsonNode task) {
        Form form = Form.of(task);
        String name = Json.text(task, "form", "");
        int before = asked.merge(Json.text(task, "run", "") + "/" + name, 1, Integer::sum) - 1;
        refuseGoingRound(task, before);
        ObjectNode values = form.prefilled(task);
        for (Form.Field field : form.fields()) {
            Optional<String> value = switch (field.key()) {
                case "decision" -> Suggestions.decision(name, before).filter(field.choices()::contains);
                case "reason" -> Optional.of(Suggestions.reason(name, before));
                default -> Suggestions.text(field.key()).filter(text -> !values.has(field.key()));
            };
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

    private static void refuseGoingRound(JsonNode task, int before) {
        if (before >= TOO_OFTEN) {
            throw new Failure(
                            "demo-goes-round",
                            "'%s' was answered %d times and is asked again.".formatted(Json.text(task, "name", ""), before),
                            "The demo answers no more and stops here; what failed lies in its folder, nothing outside was touched.",
                            "Look above at why it failed; play it with --keep and without --yes to decide yourself.")
                    .lasting();
        }
    }
}
