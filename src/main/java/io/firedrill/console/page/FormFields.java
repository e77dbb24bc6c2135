package io.firedrill.console.page;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The fields of a Camunda form as plain HTML knows them: for browsers without scripts, and until the script has run. */
public final class FormFields {
    private FormFields() {}

    /** @param kind {@code radio}, {@code select}, {@code textarea}, {@code text} */
    public record Field(String key, String label, String description, String kind, boolean required, List<Choice> choices) {}

    public record Choice(String value, String label) {}

    static List<Field> of(JsonNode form) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode component : form.path("components")) {
            String key = component.path("key").stringValue("");
            // The name is that of whoever is signed in.
            if (!key.isEmpty() && !key.equals("decidedBy")) {
                fields.add(field(key, component));
            }
        }
        return fields;
    }

    /** Whether one of the answers is an approval, which four eyes is about. */
    static boolean approves(List<Field> fields) {
        return fields.stream()
                .filter(field -> field.key().equals("decision"))
                .flatMap(field -> field.choices().stream())
                .anyMatch(choice -> choice.value().equals("approve"));
    }

    private static Field field(String key, JsonNode component) {
        List<Choice> choices = new ArrayList<>();
        component.path("values").forEach(value -> choices.add(
                new Choice(value.path("value").stringValue(""), value.path("label").stringValue(""))));
        String type = component.path("type").stringValue("");
        String kind = switch (type) {
            case "radio", "select", "textarea" -> type;
            default -> "text";
        };
        return new Field(
                key,
                component.path("label").stringValue(component.path("dateLabel").stringValue(key)),
                component.path("description").stringValue(""),
                kind,
                component.path("validate").path("required").booleanValue(false) && component.path("conditional").isMissingNode(),
                choices);
    }
}
