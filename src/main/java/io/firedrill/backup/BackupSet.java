package io.firedrill.backup;

import io.firedrill.store.BackupId;
import java.util.List;

/**
 * What one run of the {@code backup} process will take.
 *
 * @param offsiteStores names of the stores that get a copy
 */
public record BackupSet(List<Item> databases, List<Item> fileSets, List<String> offsiteStores) {
    /** {@code name} is the plan's name of the database or file set. */
    public record Item(String name, BackupId backup) {}
}
