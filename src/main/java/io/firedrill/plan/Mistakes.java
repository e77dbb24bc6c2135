package io.firedrill.plan;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Gathers the mistakes of one plan file, so that all of them are told at once. */
final class Mistakes {
    private static final Comparator<Mistake> FILE_ORDER =
            Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column);

    private final Path file;
    // A set: what an alias repeats is read again, and is still one mistake.
    private final Set<Mistake> found = new LinkedHashSet<>();

    Mistakes(Path file) {
        this.file = file;
    }

    void add(Node at, String what, String instead) {
        found.add(Positions.of(file, at).mistake(what, instead));
    }

    void throwIfAny() {
        if (!found.isEmpty()) {
            throw exception();
        }
    }

    private PlanException exception() {
        List<Mistake> inOrder = found.stream().sorted(FILE_ORDER).toList();
        return new PlanException(inOrder);
    }
}
