package io.firedrill.history.report;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON tree that may lack any part of what is looked for. */
record Tree(@Nullable Object value) {
    Tree at(String... names) {
        Object here = value;
        for (String name : names) {
            here = here instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Tree(here);
    }

    boolean isThere() {
        return value != null;
    }

    /** Empty unless there is a text that is not blank, a number or a truth value. */
    Optional<String> text() {
        return value == null || value instanceof Map || value instanceof List || value.toString().isBlank()
                ? Optional.empty()
                : Optional.of(value.toString().strip());
    }

    Optional<Long> number() {
        return value instanceof Number number ? Optional.of(number.longValue()) : Optional.empty();
    }

    Optional<Double> decimal() {
        return value instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    Optional<Instant> instant() {
        try {
            return text().map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The list's items; one item for a single value that is no list; none for nothing. */
    List<Tree> items() {
        if (value instanceof List<?> list) {
            return list.stream().map(Tree::new).toList();
        }
        return value == null || value.toString().isBlank() ? List.of() : List.of(this);
    }

    /** The items as lines: a list's texts, or a text's own lines without their bullets. */
    List<String> lines() {
        return items().stream()
                .flatMap(item -> item.text().stream())
                .flatMap(String::lines)
                .map(line -> line.replaceFirst("^\\s*[-*•]\\s+", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
