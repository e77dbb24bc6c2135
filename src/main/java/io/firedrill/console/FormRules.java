package io.firedrill.console;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a Camunda form lets a person enter; held against every completion, whichever client it comes from. */
final class FormRules {
    /** {@code values} empty: free text. */
    private record Field(String key, String label, boolean required, boolean moment, List<String> values) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();

    private FormRules(JsonNode form) {
        collect(form);
    }

    /** The rules of one of our own forms; null when the task has another form. */
    static @Nullable FormRules of(@Nullable String formId, JsonMapper json) {
        String path = "/forms/" + formId + ".form";
        try (InputStream in = FormRules.class.getResourceAsStream(path)) {
            return in == null ? null : new FormRules(json.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void collect(JsonNode node) {
        for (JsonNode component : node.path("components")) {
            String key = component.path("key").stringValue("");
            if (!key.isEmpty() && !component.path("type").stringValue("").equals("expression")) {
                boolean moment = component.path("type").stringValue("").equals("datetime");
                fields.put(key, new Field(
                        key, component.path("label").stringValue(key), required(component), moment, values(component)));
            }
            collect(component);
        }
    }

    private static boolean required(JsonNode component) {
        return component.path("validate").path("required").booleanValue(false)
                && component.path("conditional").isMissingNode();
    }

    private static List<String> values(JsonNode component) {
        return StreamSupport.stream(component.path("values").spliterator(), false)
                .map(value -> value.path("value").stringValue(""))
                .toList();
    }

    /** Failure {@code bad-form}, naming every field that is off and the choices there are. */
    void check(Map<String, ?> entered) {
        List<String> problems = new ArrayList<>();
        entered.keySet().stream()
                .filter(key -> !fields.containsKey(key))
                .forEach(key -> problems.add("'%s' is no field of this form (it has: %s)"
                        .formatted(key, String.join(", ", fields.keySet()))));
        fields.values().forEach(field -> {
            String value = Objects.toString(entered.get(field.key()), "");
            if (value.isBlank() && field.required()) {
                problems.add("'%s' is missing%s".formatted(field.key(), choices(field)));
            } else if (!value.isBlank() && !field.values().isEmpty() && !field.values().contains(value)) {
                problems.add("'%s' cannot be '%s'%s".formatted(field.key(), value, choices(field)));
            } else if (!value.isBlank() && field.moment() && !moment(value)) {
                problems.add("'%s' cannot be '%s': write a moment with its time zone, for example 2026-11-23T08:45:00Z"
                        .formatted(field.key(), value));
            }
        });
        if (!problems.isEmpty()) {
            throw new Failure(
                            "bad-form",
                            String.join("; ", problems) + ".",
                            "The task is still open; nothing was decided.",
                            "Correct the fields and complete it again.")
                    .lasting();
        }
    }

    /** As the steps will read it; a blank between day and time is forgiven. */
    private static boolean moment(String value) {
        try {
            return OffsetDateTime.parse(value.strip().replace(' ', 'T')) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static String choices(Field field) {
        return field.values().isEmpty() ? "" : ": choose one of " + String.join(", ", field.values());
    }
}
