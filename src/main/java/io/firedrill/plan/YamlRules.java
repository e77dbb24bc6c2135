package io.firedrill.plan;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** What a plan may not use of YAML: aliases to what they stand in, tags of one's own, keys that are no text. */
final class YamlRules {
    private static final Set<Tag> PLAIN = Set.of(
            Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.MAP, Tag.SEQ, Tag.MERGE, new Tag("!"));

    private final Mistakes mistakes;
    private final Set<Node> around = Collections.newSetFromMap(new IdentityHashMap<>());
    // Aliases make the tree a graph: every node is looked at once, however often it is named.
    private final Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());

    YamlRules(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    void check(Node node) {
        if (around.contains(node)) {
            mistakes.add(node, "This map or list contains itself through an alias.", "Write it out without the alias.");
            return;
        }
        if (!done.add(node)) {
            return;
        }
        around.add(node);
        checkTag(node);
        if (node instanceof MappingNode map) {
            map.getValue().forEach(this::checkTuple);
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(this::check);
        }
        around.remove(node);
    }

    private void checkTag(Node node) {
        // '=' is YAML 1.1's value key, resolved to a tag of its own; to people it is a text.
        if (!PLAIN.contains(node.getTag()) && !node.getTag().getValue().equals("tag:yaml.org,2002:value")) {
            mistakes.add(node, "The tag %s is not used in plans.".formatted(node.getTag()), "Remove it.");
        }
    }

    private void checkTuple(NodeTuple tuple) {
        if (Entry.isMerge(tuple)) {
            checkMerge(tuple.getValueNode());
        } else if (!(tuple.getKeyNode() instanceof ScalarNode)) {
            mistakes.add(tuple.getKeyNode(), "A key must be a text.", "Put texts in braces or brackets into quotes.");
        }
        check(tuple.getKeyNode());
        check(tuple.getValueNode());
    }

    private void checkMerge(Node value) {
        int named = value instanceof SequenceNode list ? list.getValue().size() : 1;
        if (Entry.mergedMaps(value).size() != named) {
            mistakes.add(value, "'<<' can only bring in maps.", "Write <<: *anchor, where &anchor marks a map.");
        }
    }
}
