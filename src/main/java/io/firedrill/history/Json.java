package io.firedrill.history;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** JSON as the engine keeps variables: trees of maps, lists, texts, numbers. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** Text that is no JSON stays text: better shown as it is than not at all. */
    static @Nullable Object tree(String json) {
        try {
            return MAPPER.readValue(json, Object.class);
        } catch (JacksonException e) {
            return json;
        }
    }

    static String quoted(String text) {
        return MAPPER.writeValueAsString(text);
    }

    /** The text a JSON string stands for; other values as they are written; null for null. */
    static @Nullable String text(@Nullable String json) {
        Object value = json == null ? null : tree(json);
        return value == null ? null : value instanceof String text ? text : json;
    }
}
