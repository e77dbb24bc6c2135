package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.plan.Service;
import io.firedrill.recovery.surgical.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a service will be restored. No more than is damaged: whatever is restored loses its newest data.
 *
 * @param databases and {@code fileSets} and {@code servers}: the plan's names
 * @param tables by the plan's name of their database: only these, put back into the live database
 * @param paths by the plan's name of their file set: only these folders and files inside
 */
public record Scope(
        List<String> databases, List<String> fileSets, List<String> servers, Map<String, List<TableName>> tables,
        Map<String, List<String>> paths) {
    private static final String FILES = "files";

    /**
     * @param only names a person asked for, in place of what the evidence says; null or empty: none
     * @throws io.firedrill.failure.FailureException lasting {@code unknown-table}, {@code ambiguous-table},
     *     {@code unknown-path}, {@code no-damaged-table}
     */
    public static Scope of(Service service, String strategy, @Nullable List<String> only, Evidence evidence, KnownTables known) {
        if (strategy.equals("restore-server")) {
            return wholeServers(service, only, evidence, known);
        }
        if (only != null && !only.isEmpty()) {
            return named(service, only, known);
        }
        if (strategy.equals("restore-tables")) {
            return damagedTables(evidence, known);
        }
        boolean all = strategy.equals("restore-all");
        return new Scope(
                all || strategy.equals("restore-databases")
                        ? damagedOrAll(evidence.databases(), List.copyOf(service.databases().keySet()))
                        : List.of(),
                all || strategy.equals("restore-files")
                        ? damagedOrAll(evidence.fileSets(), List.copyOf(service.fileSets().keySet()))
                        : List.of(),
                List.of(), Map.of(), Map.of());
    }

    /** The servers of the databases meant, and what is damaged of the files with them. */
    private static Scope wholeServers(Service service, @Nullable List<String> only, Evidence evidence, KnownTables known) {
        boolean asked = only != null && !only.isEmpty();
        Scope meant = asked ? named(service, only, known) : new Scope(
                damagedOrAll(evidence.databases(), List.copyOf(service.databases().keySet())),
                evidence.fileSets().stream().filter(Evidence.Source::damaged).map(Evidence.Source::name).toList(),
                List.of(), Map.of(), Map.of());
        List<String> servers = meant.databases().stream()
                .map(name -> service.serverOf(service.database(name)).name())
                .distinct()
                .toList();
        return new Scope(List.of(), meant.fileSets(), servers, meant.tables(), meant.paths());
    }

    /** Nothing is restored by it. */
    public boolean empty() {
        return databases.isEmpty() && fileSets.isEmpty() && servers.isEmpty() && tables.isEmpty() && paths.isEmpty();
    }

    /**
     * Each is a database, a file set, {@code files} (all of them), {@code table}, {@code schema.table},
     * {@code database:schema.table} or {@code fileset:path/inside}. Checked as {@link #of} does.
     */
    public static Scope named(Service service, List<String> only, KnownTables known) {
        Set<String> databases = new LinkedHashSet<>();
        Set<String> fileSets = new LinkedHashSet<>();
        Map<String, List<TableName>> tables = new LinkedHashMap<>();
        Map<String, List<String>> paths = new LinkedHashMap<>();
        for (String name : only) {
            int colon = name.indexOf(':');
            String before = colon < 0 ? "" : name.substring(0, colon);
            if (service.databases().containsKey(name)) {
                databases.add(name);
            } else if (service.fileSets().containsKey(name)) {
                fileSets.add(name);
            } else if (name.equals(FILES)) {
                fileSets.addAll(service.fileSets().keySet());
            } else if (service.databases().containsKey(before)) {
                add(tables, known.find(name.substring(colon + 1), before));
            } else if (service.fileSets().containsKey(before)) {
                paths.computeIfAbsent(before, one -> new ArrayList<>()).add(FilePart.require(name.substring(colon + 1)));
            } else {
                add(tables, known.find(name, null));
            }
        }
        databases.forEach(tables::remove);
        fileSets.forEach(paths::remove);
        return new Scope(List.copyOf(databases), List.copyOf(fileSets), List.of(), tables, paths);
    }

    private static void add(Map<String, List<TableName>> tables, Map<String, TableName> found) {
        found.forEach((database, table) -> {
            List<TableName> there = tables.computeIfAbsent(database, one -> new ArrayList<>());
            if (!there.contains(table)) {
                there.add(table);
            }
        });
    }

    private static Scope damagedTables(Evidence evidence, KnownTables known) {
        Map<String, List<TableName>> tables = new LinkedHashMap<>();
        evidence.databases().stream().filter(source -> !source.traces().isEmpty()).forEach(source -> tables.put(source.name(),
                source.traces().stream().map(trace -> known.named(source.name(), trace.table())).distinct().toList()));
        if (tables.isEmpty()) {
            throw new Failure("no-damaged-table", "The evidence names no damaged table.", "Nothing was changed.",
                            "Name the tables with --only, or choose another way back.")
                    .lasting();
        }
        return new Scope(List.of(), List.of(), List.of(), tables, Map.of());
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
