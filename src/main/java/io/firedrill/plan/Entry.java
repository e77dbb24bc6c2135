package io.firedrill.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One key of a YAML map and its value. */
record Entry(Node key, Node value) {
    /** The key as written; empty when it is a map or list. */
    String name() {
        return key instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    /**
     * The map's entries in the file's order, keys written twice included, followed by those that merge keys
     * ({@code <<: *anchor}) bring in and the map itself does not have. What a merge key names must be a map or a list
     * of maps; {@link YamlText} sees to that.
     */
    static List<Entry> allOf(MappingNode map) {
        List<Entry> entries = new ArrayList<>();
        List<Entry> merged = new ArrayList<>();
        for (NodeTuple tuple : map.getValue()) {
            if (isMerge(tuple)) {
                mergedMaps(tuple.getValueNode()).forEach(other -> merged.addAll(allOf(other)));
            } else {
                entries.add(new Entry(tuple.getKeyNode(), tuple.getValueNode()));
            }
        }
        Set<String> taken = entries.stream().map(Entry::name).collect(Collectors.toSet());
        merged.stream().filter(entry -> taken.add(entry.name())).forEach(entries::add);
        return entries;
    }

    static boolean isMerge(NodeTuple tuple) {
        return tuple.getKeyNode().getTag().equals(Tag.MERGE);
    }

    /** The maps that a merge key's value names. */
    static List<MappingNode> mergedMaps(Node value) {
        List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
        return nodes.stream()
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .toList();
    }
}
