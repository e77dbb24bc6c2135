package io.firedrill.proof;

import io.firedrill.proof.DatabaseContents.CategoryDigest;
import io.firedrill.proof.DatabaseContents.LargeObjects;
import io.firedrill.proof.DatabaseContents.SequenceRange;
import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.proof.Measure.Measured;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Holds what a restored database holds against what its backup recorded. */
public final class DatabaseProof {
    static final int MOST = 50;
    private static final int LONGEST = 400;

    private final List<String> differences = new ArrayList<>();
    private long equalTables;
    private long equalRows;

    private DatabaseProof() {}

    /** {@code recorded} is asked for the lines behind the recorded digests only when some of them differ. */
    public static Proof compare(DatabaseContents expected, Measured actual, Supplier<Inventory> recorded) {
        DatabaseProof proof = new DatabaseProof();
        proof.tables(expected.tables(), actual.contents().tables());
        proof.largeObjects(expected.largeObjects(), actual.contents().largeObjects());
        proof.sequences(expected.sequences(), actual.contents().sequences());
        proof.inventory(expected.inventory(), actual, recorded);
        return proof.result(actual.contents().largeObjects().bytes());
    }

    private void tables(List<TableContent> expected, List<TableContent> actual) {
        Map<List<String>, TableContent> found = new HashMap<>();
        actual.forEach(table -> found.put(List.of(table.schema(), table.table()), table));
        for (TableContent table : expected) {
            TableContent other = found.remove(List.of(table.schema(), table.table()));
            if (table.equals(other)) {
                equalTables++;
                equalRows += table.rows();
            } else if (other == null) {
                differences.add("table %s.%s: missing, with %,d rows".formatted(table.schema(), table.table(), table.rows()));
            } else if (other.rows() != table.rows()) {
                differences.add("table %s.%s: %,d rows expected, %,d found"
                        .formatted(table.schema(), table.table(), table.rows(), other.rows()));
            } else {
                differences.add("table %s.%s: %,d rows as expected, but not the same ones"
                        .formatted(table.schema(), table.table(), table.rows()));
            }
        }
        found.values().forEach(table ->
                differences.add("table %s.%s: unexpected, with %,d rows".formatted(table.schema(), table.table(), table.rows())));
    }

    private void largeObjects(LargeObjects expected, LargeObjects actual) {
        if (!expected.equals(actual)) {
            differences.add("large objects: %,d of %,d bytes expected, %,d of %,d bytes found%s"
                    .formatted(expected.count(), expected.bytes(), actual.count(), actual.bytes(),
                            expected.count() == actual.count() && expected.bytes() == actual.bytes()
                                    ? ", but not the same ones" : ""));
        }
    }

    private void sequences(List<SequenceRange> expected, List<SequenceRange> actual) {
        Map<List<String>, SequenceRange> found = new HashMap<>();
        actual.forEach(sequence -> found.put(List.of(sequence.schema(), sequence.sequence()), sequence));
        for (SequenceRange range : expected) {
            SequenceRange other = found.remove(List.of(range.schema(), range.sequence()));
            String name = "sequence %s.%s: ".formatted(range.schema(), range.sequence());
            if (other == null) {
                differences.add(name + "missing");
            } else if (other.from() < range.from() || other.to() > range.to()) {
                differences.add(name + "last value %d expected%s, %d found".formatted(
                        range.from(), range.to() == range.from() ? "" : " to " + range.to(), other.to()));
            }
        }
        found.values().forEach(sequence ->
                differences.add("sequence %s.%s: unexpected".formatted(sequence.schema(), sequence.sequence())));
    }

    private void inventory(Map<String, CategoryDigest> expected, Measured actual, Supplier<Inventory> recorded) {
        // A category that one version of Firedrill knows and another does not proves nothing and refutes nothing.
        TreeSet<String> both = new TreeSet<>(expected.keySet());
        both.retainAll(actual.contents().inventory().keySet());
        List<String> differing = both.stream()
                .filter(category -> !expected.get(category).equals(actual.contents().inventory().get(category)))
                .toList();
        if (differing.isEmpty()) {
            return;
        }
        List<String> lines = recorded.get().differences(actual.inventory()).stream()
                .filter(line -> differing.contains(line.substring(0, line.indexOf(':'))))
                .toList();
        differences.addAll(lines);
        differing.stream()
                .filter(category -> lines.stream().noneMatch(line -> line.startsWith(category + ":")))
                .forEach(category -> differences.add(category + ": not what the backup recorded"));
    }

    private Proof result(long bytes) {
        List<String> shown = differences.stream().limit(MOST).map(DatabaseProof::shortened).toList();
        return new Proof(differences.isEmpty(), equalTables, equalRows, 0, bytes, shown);
    }

    private static String shortened(String line) {
        String one = line.replaceAll("\\s+", " ");
        return one.length() <= LONGEST ? one : one.substring(0, LONGEST) + "…";
    }
}
