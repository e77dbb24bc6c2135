package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.plan.Service;
import io.firedrill.plan.UnknownName;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What of a service will be restored. No more than is damaged: whatever is restored loses its newest data.
 *
 * @param databases and {@code fileSets}: the plan's names
 */
public record Scope(List<String> databases, List<String> fileSets) {
    /**
     * @param only names a person asked for, in place of what the evidence says; null or empty: none
     */
    public static Scope of(Service service, String strategy, @Nullable List<String> only, Evidence evidence) {
        if (only != null && !only.isEmpty()) {
            return named(service, only);
        }
        boolean all = strategy.equals("restore-all");
        return new Scope(
                all || strategy.equals("restore-databases")
                        ? damagedOrAll(evidence.databases(), List.copyOf(service.databases().keySet()))
                        : List.of(),
                all || strategy.equals("restore-files")
                        ? damagedOrAll(evidence.fileSets(), List.copyOf(service.fileSets().keySet()))
                        : List.of());
    }

    private static Scope named(Service service, List<String> only) {
        TreeSet<String> known = new TreeSet<>(service.databases().keySet());
        known.addAll(service.fileSets().keySet());
        only.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw UnknownName.failure("database or file set", name, known).lasting();
        });
        return new Scope(
                only.stream().filter(service.databases()::containsKey).toList(),
                only.stream().filter(service.fileSets()::containsKey).toList());
    }

    /** A person who chose to restore although nothing looks damaged means all of it. */
    private static List<String> damagedOrAll(List<Evidence.Source> sources, List<String> all) {
        List<String> damaged = sources.stream()
                .filter(Evidence.Source::damaged)
                .map(Evidence.Source::name)
                .toList();
        return damaged.isEmpty() ? all : damaged;
    }
}
