package io.firedrill.client;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the server's answers forgivingly: what is missing or of another type is absent, never an exception. */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Any records, maps and lists as a tree. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Throws {@link tools.jackson.core.JacksonException} for what is not JSON. */
    public static JsonNode parse(String text) {
        return MAPPER.readTree(text);
    }

    /** Empty for null, objects, lists, missing fields and the empty text. */
    public static Optional<String> text(JsonNode node, String field) {
        return Optional.of(node.path(field)).filter(JsonNode::isValueNode).filter(n -> !n.isNull())
                .map(n -> n.isString() ? n.stringValue() : n.toString())
                .filter(text -> !text.isEmpty());
    }

    public static String text(JsonNode node, String field, String otherwise) {
        return text(node, field).orElse(otherwise);
    }

    public static long number(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).decimalValue().longValue() : 0;
    }

    public static double decimal(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).doubleValue() : 0;
    }

    /** Whether the field is there and holds a number, so that zero can be told from unknown. */
    public static Optional<BigDecimal> measured(JsonNode node, String field) {
        return node.path(field).isNumber() ? Optional.of(node.path(field).decimalValue()) : Optional.empty();
    }

    public static boolean flag(JsonNode node, String field) {
        return node.path(field).isBoolean() && node.path(field).booleanValue();
    }

    public static Optional<Instant> instant(JsonNode node, String field) {
        return text(node, field).flatMap(Json::instant);
    }

    private static Optional<Instant> instant(String text) {
        try {
            // The engine writes zoned times with the zone's name behind: 2026-11-23T05:29:19.715Z[Etc/UTC].
            return Optional.of(OffsetDateTime.parse(text.replaceFirst("\\[.*]$", "")).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The items of a list; none when it is no list. */
    public static List<JsonNode> items(JsonNode node, String field) {
        List<JsonNode> items = new ArrayList<>();
        if (node.path(field).isArray()) {
            node.path(field).forEach(items::add);
        }
        return items;
    }

    /** The texts of a list of texts. */
    public static List<String> texts(JsonNode node, String field) {
        return items(node, field).stream().map(n -> n.isString() ? n.stringValue() : n.toString()).toList();
    }
}
