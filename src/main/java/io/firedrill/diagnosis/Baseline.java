package io.firedrill.diagnosis;

import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.store.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a database should hold, told from its verified backups. The newest counts, unless an older one had a table that it
 * has not, or a quarter more rows of it: then the newest may show the damage already, having been taken after it.
 */
final class Baseline {
    private static final double GREW_LITTLE = 1.25;
    private static final double HALF_WAY = 0.5;

    /** Schemas that a recovery of single tables keeps for its undo: they come and go, and are nobody's data. */
    private static final Pattern KEPT_FOR_UNDO = Pattern.compile("firedrill_\\d{8}_\\d{6}(_\\d+)?");

    private final List<Manifest> backups;
    private final Map<Table, Long> expected = new LinkedHashMap<>();

    /** Unquoted names. */
    record Table(String schema, String name) {
        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /** {@code backups}: verified, newest first. */
    Baseline(List<Manifest> backups) {
        this.backups = backups;
        for (Manifest backup : backups) {
            rows(backup).forEach((table, rows) -> {
                Long newer = expected.get(table);
                if (newer == null || rows > newer * GREW_LITTLE) {
                    expected.put(table, rows);
                }
            });
        }
    }

    Map<Table, Long> expected() {
        return expected;
    }

    /** Newest backup in which none of the damaged tables looks as it does now; {@code live} has no entry for a missing one. */
    Optional<String> lastGood(Iterable<Table> damaged, Map<Table, Long> live) {
        return backups.stream()
                .filter(backup -> unaffected(rows(backup), damaged, live))
                .map(backup -> backup.id().value())
                .findFirst();
    }

    private boolean unaffected(Map<Table, Long> backup, Iterable<Table> damaged, Map<Table, Long> live) {
        for (Table table : damaged) {
            Long had = backup.get(table);
            if (had == null) {
                return false;
            }
            long now = live.getOrDefault(table, 0L);
            if (had - now < HALF_WAY * (expected.getOrDefault(table, 0L) - now)) {
                return false;
            }
        }
        return true;
    }

    private static Map<Table, Long> rows(Manifest backup) {
        Map<Table, Long> rows = new LinkedHashMap<>();
        DatabaseContents contents = backup.contents();
        if (contents != null) {
            for (TableContent table : contents.tables()) {
                if (KEPT_FOR_UNDO.matcher(table.schema()).matches()) {
                    continue;
                }
                rows.put(new Table(table.schema(), table.table()), table.rows());
            }
        }
        return rows;
    }
}
