package io.firedrill.diagnosis.rewind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who took rows of one table, told in the order of commits. What was taken before the table was last emptied at one stroke
 * is not what is missing now, so only the last emptying and what came after it count.
 */
final class Takers {
    /** Enough for a deletion made in portions; of more the largest count. */
    private static final int MOST = 10_000;

    /** Of the missing rows, what those who are named must explain; a diagnosis counts only about. */
    private static final double EXPLAINED = 0.95;

    private static final Comparator<Suspect> BY_ROWS = Comparator.comparingLong(suspect -> suspect.rows().orElseThrow());

    private final PriorityQueue<Suspect> largest = new PriorityQueue<>(BY_ROWS);
    private @Nullable Suspect emptied;

    void took(Suspect suspect) {
        largest.add(suspect);
        if (largest.size() > MOST) {
            largest.poll();
        }
    }

    void emptied(Suspect suspect) {
        emptied = suspect;
        largest.clear();
    }

    /**
     * As few as explain so many rows, largest first and of equal ones the later; the emptying when they cannot.
     *
     * @param wanted 0 when it is not known how many
     */
    List<Suspect> explaining(long wanted) {
        List<Suspect> enough = new ArrayList<>();
        long explained = 0;
        for (Suspect suspect : largestFirst()) {
            if (!enough.isEmpty() && explained >= wanted * EXPLAINED) {
                break;
            }
            enough.add(suspect);
            explained += suspect.rows().orElseThrow();
        }
        boolean explains = wanted > 0 && explained >= wanted * EXPLAINED;
        return emptied == null || explains ? enough : List.of(emptied);
    }

    private List<Suspect> largestFirst() {
        return largest.stream()
                .sorted(BY_ROWS.reversed().thenComparing(suspect -> suspect.transaction().commit(), Comparator.reverseOrder()))
                .toList();
    }
}
