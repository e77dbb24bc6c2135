package io.firedrill.console;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.ResponseEntity;

/** Java's types as JSON Schema; records are named, and each component without {@code @Nullable} is required. */
final class OpenApiSchemas {
    private final Map<String, Object> named = new TreeMap<>();

    OpenApiSchemas() {
        Map<String, Object> properties = new TreeMap<>();
        List.of("type", "title", "detail", "instance", "code", "what", "meaning", "next").forEach(name -> properties.put(name, Map.of("type", "string")));
        properties.put("status", Map.of("type", "integer"));
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "object");
        problem.put("description", "RFC 9457; code, what, meaning and next tell a failure of Firedrill's own");
        problem.put("properties", properties);
        problem.put("required", List.of("status", "title"));
        named.put("Problem", problem);
    }

    Map<String, Object> all() {
        return named;
    }

    String mediaType(Type returned) {
        boolean text = returned == String.class || returned == void.class || returned.getTypeName().startsWith(ResponseEntity.class.getName());
        return text && returned != Resource.class ? "*/*" : "application/json";
    }

    Map<String, Object> of(AnnotatedType annotated) {
        Map<String, Object> schema = plain(annotated);
        if (!annotated.isAnnotationPresent(Nullable.class)) {
            return schema;
        }
        if (schema.get("type") instanceof String type) {
            Map<String, Object> nullable = new LinkedHashMap<>(schema);
            nullable.put("type", List.of(type, "null"));
            return nullable;
        }
        return schema.isEmpty() ? schema : Map.of("anyOf", List.of(schema, Map.of("type", "null")));
    }

    private Map<String, Object> plain(AnnotatedType annotated) {
        Type type = annotated.getType();
        Class<?> raw = type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : type instanceof Class<?> known ? known : Object.class;
        Map<String, Object> schema = new LinkedHashMap<>();
        if (raw == String.class || raw == Path.class || raw == URI.class || raw == Duration.class) {
            schema.put("type", "string");
        } else if (raw == Instant.class) {
            schema.put("type", "string");
            schema.put("format", "date-time");
        } else if (raw == boolean.class || raw == Boolean.class) {
            schema.put("type", "boolean");
        } else if (raw == int.class || raw == long.class || raw == Integer.class || raw == Long.class) {
            schema.put("type", "integer");
            schema.put("format", raw == int.class || raw == Integer.class ? "int32" : "int64");
        } else if (raw == double.class || raw == Double.class) {
            schema.put("type", "number");
        } else if (raw.isEnum()) {
            schema.put("type", "string");
        } else if (Collection.class.isAssignableFrom(raw)) {
            schema.put("type", "array");
            schema.put("items", argument(annotated, 0));
        } else if (Map.class.isAssignableFrom(raw)) {
            schema.put("type", "object");
            schema.put("additionalProperties", argument(annotated, 1));
        } else if (raw == Optional.class) {
            return Map.of("anyOf", List.of(argument(annotated, 0), Map.of("type", "null")));
        } else if (raw.isRecord()) {
            return Map.of("$ref", "#/components/schemas/" + record(raw));
        }
        return schema;
    }

    private Map<String, Object> argument(AnnotatedType annotated, int n) {
        return annotated instanceof AnnotatedParameterizedType generic ? of(generic.getAnnotatedActualTypeArguments()[n]) : Map.of();
    }

    private String record(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        String name = (around == null ? "" : around.getSimpleName().replace("Controller", "")) + type.getSimpleName();
        if (named.containsKey(name)) {
            return name;
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        named.put(name, schema);
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : Arrays.asList(type.getRecordComponents())) {
            properties.put(component.getName(), of(component.getAnnotatedType()));
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(component.getName());
            }
        }
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return name;
    }
}
