package io.firedrill.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A map with keys of our choosing: what is unknown, unsupported or written twice is reported when it is opened. */
final class Section {
    private final String title;
    private final Value value;
    private final Map<String, Value> entries = new LinkedHashMap<>();

    private Section(String title, Value value) {
        this.title = title;
        this.value = value;
    }

    /**
     * @param title what messages call it: {@code service 'shop'}
     * @param example shown when it is no map
     */
    static Section open(Value value, String title, Keys keys, String example) {
        Section section = new Section(title, value);
        for (Value entry : value.entries(example)) {
            section.take(entry, keys);
        }
        return section;
    }

    private void take(Value entry, Keys keys) {
        String key = entry.title();
        if (!keys.known().contains(key)) {
            entry.mistakeAtKey(
                    "%s has no key '%s'.".formatted(capitalised(), key), Keys.advice(key, keys.known(), "Known keys"));
        }
        Value first = entries.putIfAbsent(key, entry);
        if (first != null) {
            entry.mistakeAtKey(
                    "'%s' is written twice, first on line %d."
                            .formatted(key, first.at().getStartMark().getLine() + 1),
                    "Keep one of them.");
        }
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    Optional<Value> optional(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** As {@link #optional}; that the key is missing is reported. */
    Optional<Value> required(String key, String example) {
        if (!has(key) && isMap()) {
            mistake("%s has no '%s'.".formatted(capitalised(), key), "Add %s: %s".formatted(key, example));
        }
        return optional(key);
    }

    /** Reports a mistake about the section as a whole. */
    void mistake(String what, String instead) {
        value.mistakeAtKey(what, instead);
    }

    /** Whether it is a map at all; if not, that was reported, and what it lacks says nothing more. */
    boolean isMap() {
        return value.isMap();
    }

    /** The title, to begin a sentence with. */
    String capitalised() {
        return capitalised(title);
    }

    static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
