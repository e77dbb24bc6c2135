package io.firedrill.proof;

import io.firedrill.proof.TreeListing.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what a restored folder holds against what its backup recorded. */
public final class FilesProof {
    private FilesProof() {}

    /**
     * @param owners whether owners must match too: only root can give files away
     */
    public static Proof compare(List<Entry> expected, List<Entry> actual, boolean owners) {
        Map<String, Entry> found = new HashMap<>();
        actual.forEach(entry -> found.put(entry.path(), entry));
        List<String> differences = new ArrayList<>();
        long files = 0;
        long bytes = 0;
        for (Entry entry : expected) {
            Entry other = found.remove(entry.path());
            String difference = other == null ? "missing" : difference(entry, other, owners);
            if (!difference.isEmpty()) {
                differences.add(entry.readablePath() + ": " + difference);
            } else if (entry.type() == 'f') {
                files++;
                bytes += entry.size();
            }
        }
        found.values().forEach(entry -> differences.add(entry.readablePath() + ": unexpected"));
        return new Proof(differences.isEmpty(), 0, 0, files, bytes,
                differences.stream().limit(DatabaseProof.MOST).toList());
    }

    /** Empty when alike. */
    private static String difference(Entry expected, Entry actual, boolean owners) {
        if (expected.type() != actual.type()) {
            return "is of another type";
        }
        if (expected.size() != actual.size()) {
            return "%,d bytes expected, %,d found".formatted(expected.size(), actual.size());
        }
        if (!expected.content().equals(actual.content())) {
            return expected.type() == 'l' ? "points elsewhere" : "has other content";
        }
        if (!expected.mode().equals(actual.mode())) {
            return "mode %s expected, %s found".formatted(expected.mode(), actual.mode());
        }
        return owners && (expected.uid() != actual.uid() || expected.gid() != actual.gid())
                ? "owner %d:%d expected, %d:%d found".formatted(expected.uid(), expected.gid(), actual.uid(), actual.gid())
                : "";
    }
}
