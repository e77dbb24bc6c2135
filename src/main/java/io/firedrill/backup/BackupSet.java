package io.firedrill.backup;

import io.firedrill.plan.BackupKind;
import io.firedrill.store.BackupId;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one run of the {@code backup} process will take.
 *
 * @param clusters one item per PostgreSQL server, named after its first database of the plan
 * @param offsiteStores names of the stores that get a copy
 */
public record BackupSet(List<Item> databases, List<Item> clusters, List<Item> fileSets, List<String> offsiteStores) {
    /** The kinds that a run asked for by this word takes: itself, or for {@code all} each there is. */
    public static List<String> kinds(String asked) {
        return asked.equals("all") ? Stream.of(BackupKind.values()).map(BackupKind::word).toList() : List.of(asked);
    }

    /** {@code name} is the plan's name of the database or file set. */
    public record Item(String name, BackupId backup) {}
}
