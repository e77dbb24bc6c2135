package io.firedrill.runbook;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Camunda Form: the fields it fills in and the variables its texts, tables and conditions show. */
record FormFile(String name, JsonNode json) {
    private static final Pattern TEMPLATE = Pattern.compile("\\{\\{(.*?)}}(?!})", Pattern.DOTALL);

    static FormFile read(Path path) {
        String file = path.getFileName().toString();
        return new FormFile(file.replaceAll("\\.form$", ""), new JsonMapper().readTree(path));
    }

    String id() {
        return json.path("id").asString();
    }

    List<JsonNode> components() {
        return json.path("components").valueStream().toList();
    }

    Stream<JsonNode> field(String key) {
        return components().stream().filter(component -> component.path("key").asString("").equals(key));
    }

    Set<String> fields() {
        Set<String> fields = new LinkedHashSet<>();
        components().forEach(component -> {
            if (component.has("key")) {
                fields.add(component.path("key").asString());
            }
        });
        return fields;
    }

    /** Variables of the process that the form shows. */
    Set<String> shown() {
        Set<String> shown = new LinkedHashSet<>();
        components().forEach(component -> component.propertyStream().forEach(property -> {
            String text = property.getValue().isObject()
                    ? property.getValue().path("hide").asString("")
                    : property.getValue().asString("");
            shown.addAll(text.startsWith("=") ? Feel.variables(text) : templated(text));
        }));
        return shown;
    }

    private static Set<String> templated(String text) {
        Set<String> shown = new LinkedHashSet<>();
        Matcher templates = TEMPLATE.matcher(text);
        while (templates.find()) {
            String inside = templates.group(1);
            if (!inside.startsWith("/")) {
                shown.addAll(Feel.variables(inside.replaceFirst("^#(loop|if) ", "")));
            }
        }
        return shown;
    }
}
