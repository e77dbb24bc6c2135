package io.firedrill.plan;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The keys that a map of the plan file may have. */
record Keys(List<String> known) {
    static Keys of(String... known) {
        return new Keys(List.of(known));
    }

    /** What to write instead of a key or name that is not among the known ones. */
    static String advice(String written, Collection<String> known, String title) {
        String all = "%s: %s.".formatted(title, String.join(", ", known));
        return closest(written, known)
                .map(close -> "Did you mean '%s'? %s".formatted(close, all))
                .orElse(all);
    }

    private static Optional<String> closest(String written, Collection<String> known) {
        Optional<String> begun = known.stream()
                .filter(name -> written.length() >= 3 && name.startsWith(written))
                .findFirst();
        int near = Math.max(1, Math.min(3, written.length() / 2));
        return begun.or(() -> known.stream()
                .filter(name -> distance(written, name) <= near)
                .min(Comparator.comparingInt(name -> distance(written, name))));
    }

    /** Levenshtein's edit distance, ignoring case. */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] previous = new int[b.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
