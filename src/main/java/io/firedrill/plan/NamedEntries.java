package io.firedrill.plan;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.yaml.snakeyaml.nodes.MappingNode;

/** A map from names of the person's choosing to things of one kind: services, databases, file sets, stores. */
final class NamedEntries {
    private final String kind;
    private final Map<String, Value> seen = new LinkedHashMap<>();

    private NamedEntries(String kind) {
        this.kind = kind;
    }

    /**
     * Reads every entry, those with a bad or repeated name too, so that their mistakes are all told; gives the good
     * ones by name, in the file's order.
     *
     * @param kind what one of them is called: {@code service}
     */
    static <T> Map<String, T> read(
            Value value, String kind, String example, BiFunction<String, Value, Optional<T>> reader) {
        Map<String, T> things = new LinkedHashMap<>();
        NamedEntries names = new NamedEntries(kind);
        for (Value entry : value.entries(example)) {
            // What a repeated entry holds is often copied too: that it is there twice says it all.
            Value read = names.check(entry) ? entry : entry.claimingNothing();
            reader.apply(entry.title(), read).ifPresent(thing -> things.putIfAbsent(entry.title(), thing));
        }
        return things;
    }

    /** The names in the map, mistakes unreported. */
    static Set<String> names(Optional<Value> value) {
        Set<String> names = new LinkedHashSet<>();
        if (value.isPresent() && value.get().node() instanceof MappingNode map) {
            Entry.allOf(map).forEach(entry -> names.add(entry.name()));
        }
        return names;
    }

    /** Whether the name is there for the first time. */
    private boolean check(Value entry) {
        String name = entry.title();
        Value first = seen.putIfAbsent(name.toLowerCase(Locale.ROOT), entry);
        if (first != null) {
            entry.mistakeAtKey(
                    "Two %ss alike: '%s', and '%s' on line %d."
                            .formatted(
                                    kind,
                                    name,
                                    first.title(),
                                    first.at().getStartMark().getLine() + 1),
                    "Give one of them another name, or remove it. " + Names.RULE);
        } else if (!Names.valid(name)) {
            entry.mistakeAtKey("'%s' cannot be the name of a %s.".formatted(name, kind), Names.RULE);
        }
        return first == null;
    }
}
