package io.firedrill.diagnosis.rewind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files a table had: TRUNCATE, VACUUM FULL, CLUSTER and some ALTER TABLE give it a new one, in one transaction with
 * removing the old. The WAL does not say which new file follows which old one, so when a transaction did so to several
 * tables, all of theirs count.
 */
final class FileHistory {
    private final List<WalTransaction> replacing = new ArrayList<>();

    void note(WalTransaction transaction) {
        if (!transaction.created().isEmpty() && !transaction.removed().isEmpty()) {
            replacing.add(transaction);
        }
    }

    /** The file itself and all that may have been the same table's before and after. */
    Set<RelationFile> of(RelationFile file) {
        Set<RelationFile> family = new HashSet<>(Set.of(file));
        replacing.forEach(transaction -> join(family, transaction.removed(), transaction.created()));
        replacing.reversed().forEach(transaction -> join(family, transaction.created(), transaction.removed()));
        return family;
    }

    private static void join(Set<RelationFile> family, Set<RelationFile> known, Set<RelationFile> more) {
        if (known.stream().anyMatch(family::contains)) {
            family.addAll(more);
        }
    }
}
