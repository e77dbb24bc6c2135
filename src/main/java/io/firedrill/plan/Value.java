package io.firedrill.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in the plan file. Its readers give what is written in the type asked for, or report the mistake and give
 * nothing; the plan is then not built, whatever a caller puts in its place.
 *
 * @param title what messages call it: its key
 * @param at its key; in a list itself
 */
record Value(String title, Node at, Node node, Reading reading) {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** Reports a mistake in what is written. */
    void mistake(String what, String instead) {
        reading.mistakes().add(node, what, instead);
    }

    /** Reports a mistake that is not in the value itself but in its being here. */
    void mistakeAtKey(String what, String instead) {
        reading.mistakes().add(at, what, instead);
    }

    /** The same, for reading only what is wrong in itself, not what it shares with others. */
    Value claimingNothing() {
        return new Value(title, at, node, new Reading(reading.folder(), reading.mistakes(), new Claims()));
    }

    Optional<String> text() {
        if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            if (!scalar.getValue().isBlank()) {
                return Optional.of(scalar.getValue());
            }
        } else if (!(node instanceof ScalarNode)) {
            mistake(
                    "'%s' must be a text, here is %s.".formatted(title, shape()),
                    "Write one value after '%s:'.".formatted(title));
            return Optional.empty();
        }
        mistake("'%s' is empty.".formatted(title), "Write a value, or remove the line if the default is meant.");
        return Optional.empty();
    }

    Optional<Duration> duration() {
        return text().flatMap(text -> {
            Optional<Duration> duration = Durations.parse(text);
            if (duration.isEmpty()) {
                mistake("'%s' is not a duration: '%s'.".formatted(title, text), Durations.ACCEPTED);
            }
            return duration;
        });
    }

    Optional<Integer> number(int least, int most) {
        return text().flatMap(text -> {
            if (WHOLE_NUMBER.matcher(text).matches()) {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return Optional.of(number);
                }
            }
            mistake(
                    "'%s' must be a whole number, here is '%s'.".formatted(title, text),
                    "Write a number from %d to %d.".formatted(least, most));
            return Optional.empty();
        });
    }

    Optional<Boolean> trueOrFalse() {
        return text().flatMap(text -> {
            if (node.getTag().equals(Tag.BOOL)) {
                return Optional.of(List.of("true", "yes", "on").contains(text.toLowerCase(Locale.ROOT)));
            }
            mistake(
                    "'%s' must be true or false, here is '%s'.".formatted(title, text),
                    "Write true or false, without quotes.");
            return Optional.empty();
        });
    }

    /** A list's items; none, with the mistake reported, when it is no list. */
    List<Value> items(String example) {
        List<Value> items = new ArrayList<>();
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                items.add(new Value(title, item, item, reading));
            }
        } else {
            wrongShape("a list", example);
        }
        return items;
    }

    /** A map's entries; none, with the mistake reported, when it is no map. Keys may be there twice. */
    List<Value> entries(String example) {
        List<Value> entries = new ArrayList<>();
        if (node instanceof MappingNode map) {
            for (Entry entry : Entry.allOf(map)) {
                entries.add(new Value(entry.name(), entry.key(), entry.value(), reading));
            }
        } else {
            wrongShape("a map", example);
        }
        return entries;
    }

    boolean isEmptyMap() {
        return node instanceof MappingNode map && Entry.allOf(map).isEmpty();
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    private void wrongShape(String wanted, String example) {
        mistake(
                "'%s' must be %s, here is %s.".formatted(title, wanted, shape()),
                "Write it like this: %s".formatted(example));
    }

    private String shape() {
        return switch (node.getNodeId()) {
            case mapping -> "a map";
            case sequence -> "a list";
            case scalar -> node.getTag().equals(Tag.NULL) ? "nothing" : "a text";
            case anchor -> "an alias";
        };
    }
}
