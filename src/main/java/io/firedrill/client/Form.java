package io.firedrill.client;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Camunda form lets a person enter.
 *
 * @param fields without the person's name, which the server sets
 */
public record Form(List<Field> fields) {
    private static final String SET_BY_SERVER = "decidedBy";

    /**
     * @param type the form's word: {@code textfield}, {@code radio}, {@code checkbox}, …
     * @param choices the values there are; empty: anything
     */
    public record Field(String key, String label, String type, boolean required, List<String> choices) {
        /** {@code decision (required): approve, reject}. */
        public String asked() {
            String name = key + (required ? " (required)" : "");
            return choices.isEmpty() ? name + ": " + label : name + ": " + String.join(", ", choices);
        }
    }

    /** @param task as {@code GET /tasks/{key}} answers it */
    public static Form of(JsonNode task) {
        List<Field> fields = new ArrayList<>();
        collect(task.path("formSchema"), fields);
        return new Form(List.copyOf(fields));
    }

    private static void collect(JsonNode node, List<Field> fields) {
        for (JsonNode component : Json.items(node, "components")) {
            Json.text(component, "key")
                    .filter(key -> !key.equals(SET_BY_SERVER))
                    .filter(key -> !Json.text(component, "type", "").equals("expression"))
                    .ifPresent(key -> fields.add(new Field(
                            key,
                            Json.text(component, "label", key),
                            Json.text(component, "type", ""),
                            Json.flag(component.path("validate"), "required"),
                            Json.items(component, "values").stream().map(v -> Json.text(v, "value", "")).toList())));
            collect(component, fields);
        }
    }

    private Optional<Field> field(String key) {
        return fields.stream().filter(field -> field.key().equals(key)).findFirst();
    }

    /** What the form would show filled in already: the process variables that bear a field's name. */
    public ObjectNode prefilled(JsonNode task) {
        ObjectNode values = Json.object();
        for (Field field : fields) {
            JsonNode value = task.path("variables").path(field.key());
            if (value.isValueNode() && !value.isNull()) {
                values.set(field.key(), value);
            }
        }
        return values;
    }

    /** Puts a text that a person typed, as the type the form gives the field. */
    public void put(ObjectNode variables, String key, String text) {
        String type = field(key).map(Field::type).orElse("");
        switch (type) {
            case "checkbox" -> variables.put(key, Boolean.parseBoolean(text));
            case "number" -> variables.put(key, new BigDecimal(text));
            default -> variables.put(key, text);
        }
    }
}
