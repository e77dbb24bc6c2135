package io.firedrill.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads {@code alerts}. */
final class AlertReader {
    static final Keys KEYS = Keys.of("match", "service", "cause", "recover");
    private static final String EXAMPLE = "- {match: {alertname: PostgresDown}, service: shop}";

    private AlertReader() {}

    /** @param services the plan's, as written: one that has a mistake of its own is no unknown one */
    static List<AlertRule> read(Value value, Optional<Value> services) {
        Set<String> names = services.filter(Value::isMap).stream()
                .flatMap(map -> map.entries("").stream())
                .map(Value::title)
                .collect(Collectors.toSet());
        List<AlertRule> rules = new ArrayList<>();
        for (Value item : value.items("alerts: [%s]".formatted(EXAMPLE.substring(2)))) {
            rule(item, names).ifPresent(rules::add);
        }
        return rules;
    }

    private static Optional<AlertRule> rule(Value item, Set<String> services) {
        Section section = Section.open(item, "an alert rule", KEYS, EXAMPLE);
        Optional<Map<String, Pattern>> match = section.required("match", "{alertname: PostgresDown}").map(AlertReader::match);
        Optional<String> service = section.required("service", "the service's name").flatMap(value -> one(value, services, "service"));
        Optional<String> cause = section.optional("cause").flatMap(value -> one(value, Set.copyOf(Causes.ALL), "cause"));
        boolean recover = section.optional("recover").flatMap(Value::trueOrFalse).orElse(true);
        return match.flatMap(labels -> service.map(name -> new AlertRule(labels, name, cause, recover)));
    }

    /** A value is the label's whole text; {@code ~} before it makes it a regular expression. */
    private static Map<String, Pattern> match(Value value) {
        Map<String, Pattern> labels = new LinkedHashMap<>();
        if (value.isEmptyMap()) {
            value.mistake("'match' is empty.", "Name at least one label: {alertname: PostgresDown}");
        }
        for (Value label : value.entries("match: {alertname: PostgresDown}")) {
            label.text().ifPresent(text -> {
                try {
                    labels.put(label.title(), text.startsWith("~") ? Pattern.compile(text.substring(1)) : Pattern.compile(Pattern.quote(text)));
                } catch (PatternSyntaxException e) {
                    label.mistake(
                            "'%s' is no regular expression: %s.".formatted(text.substring(1), e.getDescription()),
                            "Correct it, or leave the '~' out to match the text as it is.");
                }
            });
        }
        return labels;
    }

    private static Optional<String> one(Value value, Set<String> known, String what) {
        Optional<String> name = value.text();
        name.filter(text -> !known.isEmpty() && !known.contains(text)).ifPresent(text -> value.mistake(
                "There is no %s '%s'.".formatted(what, text), "Use one of: %s.".formatted(String.join(", ", known.stream().sorted().toList()))));
        return name.filter(known::contains);
    }
}
