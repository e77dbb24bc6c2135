package io.firedrill.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Where things stand in a plan file, so that what is checked after reading can still name line and column. */
public final class Positions {
    private static final Pattern STEP = Pattern.compile("([^.\\[\\]]+)|\\[(\\d{1,6})]");

    private final Path file;
    private final Node root;

    Positions(Path file, Node root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Where the named part stands: a text or number at its value, a map or list at its key. What is not in the file
     * (because a default applies) is said to stand where the nearest thing around it does.
     *
     * @param path keys joined by dots, list items by number from 0: {@code services.shop.databases.orders.url},
     *     {@code services.shop.checks[0].sql}
     */
    public Position positionOf(String path) {
        Node container = root;
        Node place = root;
        Matcher step = STEP.matcher(path);
        while (step.find()) {
            Optional<Entry> next = step.group(1) != null
                    ? valueOf(container, step.group(1))
                    : itemOf(container, Integer.parseInt(step.group(2)));
            if (next.isEmpty()) {
                break;
            }
            container = next.get().value();
            place = container instanceof ScalarNode ? container : next.get().key();
        }
        return of(file, place);
    }

    static Position of(Path file, Node node) {
        return new Position(
                file, node.getStartMark().getLine() + 1, node.getStartMark().getColumn() + 1);
    }

    private static Optional<Entry> valueOf(Node container, String key) {
        return container instanceof MappingNode map
                ? Entry.allOf(map).stream()
                        .filter(entry -> entry.name().equals(key))
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<Entry> itemOf(Node container, int number) {
        List<Node> items = container instanceof SequenceNode list ? list.getValue() : List.of();
        return number < items.size() ? Optional.of(new Entry(items.get(number), items.get(number))) : Optional.empty();
    }
}
