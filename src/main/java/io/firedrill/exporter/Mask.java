package io.firedrill.exporter;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the values of variables, and of properties within them, whose names match: before anything leaves the
 * broker. Patterns compare without case; {@code *} stands for any characters.
 */
final class Mask {
    private static final String MASKED = "\"(masked)\"";

    private final List<Pattern> patterns;

    Mask(List<String> patterns) {
        this.patterns = patterns.stream().map(Mask::compile).toList();
    }

    private static Pattern compile(String pattern) {
        String regex =
                Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** The JSON value of the variable of that name as it may be kept. */
    String variable(String name, String json) {
        return hides(name) ? MASKED : walk(json, null);
    }

    /** The JSON of any record but a variable's. */
    String record(String json) {
        return walk(json, null);
    }

    /** The JSON of a variable's record: it holds the variable's own JSON as text, under {@code value}. */
    String variableRecord(String variable, String json) {
        return walk(json, variable);
    }

    private boolean hides(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** Copies JSON, looking at every property name on the way. */
    private String walk(String json, @Nullable String variable) {
        if (patterns.isEmpty()) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length());
        int at = 0;
        while (at < json.length()) {
            int end = JsonText.endOfToken(json, at);
            out.append(json, at, end);
            int colon = JsonText.skipSpace(json, end);
            if (json.charAt(at) == '"' && colon < json.length() && json.charAt(colon) == ':') {
                end = property(out.append(':'), json, JsonText.unquote(json.substring(at, end)), colon + 1, variable);
            }
            at = end;
        }
        return out.toString();
    }

    /** Writes what may be kept of a property whose value starts at {@code at}; returns where to go on. */
    private int property(StringBuilder out, String json, String name, int at, @Nullable String variable) {
        int start = JsonText.skipSpace(json, at);
        if (hides(name)) {
            out.append(MASKED);
            return JsonText.endOfValue(json, start);
        }
        if (variable != null && name.equals("value") && json.charAt(start) == '"') {
            int end = JsonText.endOfToken(json, start);
            out.append(JsonText.quote(variable(variable, JsonText.unquote(json.substring(start, end)))));
            return end;
        }
        return start;
    }
}
