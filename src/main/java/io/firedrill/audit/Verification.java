package io.firedrill.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Goes along the chain from its first entry and compares each with its hash, the one before it, and the anchors. */
final class Verification {
    private final TreeMap<Long, List<Anchors.Found>> anchors = new TreeMap<>();
    private final List<Verdict.Finding> findings = new ArrayList<>();
    private int compared;
    private long lastAnchored;
    private @Nullable Row last;

    Verification(List<Anchors.Found> all) {
        for (Anchors.Found anchor : all) {
            if (anchor.problem().isEmpty()) {
                anchors.computeIfAbsent(anchor.n(), n -> new ArrayList<>()).add(anchor);
            } else {
                find(0, "anchor", anchor.place() + ": " + anchor.problem());
            }
        }
    }

    /** Always true: go on. */
    boolean next(Row row) {
        long expected = last == null ? 1 : last.n() + 1;
        String prev = last == null ? Row.BEGINNING : last.hash();
        boolean gap = row.n() != expected;
        if (gap) {
            find(expected, "removed", expected == row.n() - 1
                    ? "Entry %d is missing.".formatted(expected)
                    : "Entries %d to %d are missing.".formatted(expected, row.n() - 1));
        }
        JsonNode tree = tree(row.line());
        if (!Digests.of(row.line()).equals(row.hash())) {
            find(row.n(), "changed", "Entry %d was changed: its hash is another.".formatted(row.n()));
        } else if (tree.path("n").asLong(-1) != row.n()) {
            find(row.n(), "moved", "In place %d stands entry %s.".formatted(row.n(), tree.path("n").asString("?")));
        } else if (!gap && !tree.path("prev").asString("").equals(prev) && !found(row.n() - 1)) {
            find(Math.max(1, row.n() - 1), "not-chained", row.n() == 1
                    ? "Entry 1 is not the beginning: it names one before it."
                    : "Entry %d is not the one that entry %d was chained to: it was changed, put in or exchanged."
                            .formatted(row.n() - 1, row.n()));
        }
        last = row;
        anchors.getOrDefault(row.n(), List.of()).forEach(anchor -> compare(row, anchor));
        return true;
    }

    private void compare(Row row, Anchors.Found anchor) {
        compared++;
        if (anchor.hash().equals(row.hash())) {
            lastAnchored = row.n();
        } else if (findings.stream().noneMatch(finding -> finding.n() > lastAnchored && finding.n() <= row.n())) {
            find(lastAnchored + 1, "rewritten", ("Between entry %d and %d the chain was made anew: anchor %s, signed at %s, holds"
                    + " another entry %d.").formatted(lastAnchored + 1, row.n(), anchor.place(), anchor.at(), row.n()));
        }
    }

    void end() {
        long end = last == null ? 0 : last.n();
        anchors.tailMap(end, false).values().stream().flatMap(List::stream).forEach(anchor -> {
            compared++;
            if (!found(end + 1)) {
                find(end + 1, "removed", "Entries from %d on are missing: anchor %s, signed at %s, holds entry %d."
                        .formatted(end + 1, anchor.place(), anchor.at(), anchor.n()));
            }
        });
    }

    void recordChanged(String record) {
        find(0, "record", ("The engine's record %s in engine_history.record is not the one that was chained: it was changed or added"
                + " afterwards.").formatted(record));
    }

    private boolean found(long n) {
        return findings.stream().anyMatch(finding -> finding.n() == n);
    }

    private void find(long n, String kind, String what) {
        if (findings.size() < Verdict.MOST) {
            findings.add(new Verdict.Finding(n, kind, what));
        }
    }

    private static JsonNode tree(String line) {
        try {
            return Lines.tree(line);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    Verdict verdict(long waiting) {
        Verdict.Finding first = findings.stream()
                .min(Comparator.comparingLong(finding -> finding.n() == 0 ? Long.MAX_VALUE : finding.n()))
                .orElse(null);
        return new Verdict(findings.isEmpty(), last == null ? 0 : last.n(), last == null ? "" : last.hash(), compared, lastAnchored,
                waiting, first, List.copyOf(findings));
    }
}
