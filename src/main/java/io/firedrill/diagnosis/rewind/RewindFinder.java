package io.firedrill.diagnosis.rewind;

import io.firedrill.tool.PgWaldump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Finds the transactions behind a symptom by reading the WAL twice: once for which files the table had, once for what was
 * done to them. Memory is bounded by what was open at one time and by the suspects.
 */
public final class RewindFinder {
    private static final List<String> FILES = List.of("Storage", "Transaction");
    private static final List<String> ALL = List.of("Storage", "Transaction", "Heap", "Heap2", "Database");

    private static final long LARGE = 100;

    private final PgWaldump.Range range;

    /** @param range of one timeline, of the server that the symptom is on */
    public RewindFinder(PgWaldump.Range range) {
        this.range = range;
    }

    public Rewind find(Symptom symptom) {
        return switch (symptom) {
            case Symptom.RowsGone gone -> rows(gone.file(), gone.missing(), Suspect.Deed.DELETE, Rows::deleted);
            case Symptom.RowsChanged changed -> rows(changed.file(), changed.changed(), Suspect.Deed.UPDATE, Rows::updated);
            case Symptom.TableGone gone -> dropped(gone);
            case Symptom.DatabaseGone gone -> droppedDatabase(gone.database());
        };
    }

    /**
     * Transactions that changed at least half of a table's rows, in the order of their commits.
     *
     * @param rows of each table, by its file now; small ones are left out, as every change of theirs is one of most rows
     */
    public List<MassChange> massChanges(Map<RelationFile, Long> rows) {
        Set<RelationFile> large = rows.entrySet().stream()
                .filter(table -> table.getValue() >= LARGE)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        List<MassChange> changes = new ArrayList<>();
        if (!large.isEmpty()) {
            read(ALL, large::contains, transaction -> transaction.rows().forEach((file, did) -> {
                if (did.updated() * 2 >= rows.getOrDefault(file, Long.MAX_VALUE / 2)) {
                    changes.add(new MassChange(file, new Suspect(Suspect.Deed.UPDATE, transaction, OptionalLong.of(did.updated()))));
                }
            }));
        }
        return changes;
    }

    private Rewind rows(RelationFile file, long wanted, Suspect.Deed deed, ToLongFunction<Rows> count) {
        Set<RelationFile> family = family(file);
        Takers takers = new Takers();
        PgWaldump.End end = read(ALL, it -> it.ofCatalogue() || family.contains(it), transaction -> {
            if (deed == Suspect.Deed.DELETE && truncated(transaction, family)) {
                takers.emptied(new Suspect(Suspect.Deed.TRUNCATE, transaction, OptionalLong.empty()));
            }
            long rows = transaction.rows().entrySet().stream()
                    .filter(entry -> family.contains(entry.getKey()))
                    .mapToLong(entry -> count.applyAsLong(entry.getValue()))
                    .sum();
            if (rows > 0) {
                takers.took(new Suspect(deed, transaction, OptionalLong.of(rows)));
            }
        });
        return rewind(takers.explaining(wanted), end);
    }

    private static boolean truncated(WalTransaction transaction, Set<RelationFile> family) {
        return transaction.removed().stream().anyMatch(family::contains)
                && !transaction.created().isEmpty()
                && !transaction.deletesFromCatalogue();
    }

    private Rewind dropped(Symptom.TableGone gone) {
        Optional<Set<RelationFile>> family = gone.file().map(this::family);
        List<Suspect> suspects = new ArrayList<>();
        PgWaldump.End end = read(ALL, RelationFile::ofCatalogue, transaction -> {
            boolean removed = transaction.removed().stream().anyMatch(file -> file.database() == gone.database()
                    && family.map(own -> own.contains(file)).orElse(true));
            if (removed && transaction.created().isEmpty() && transaction.deletesFromCatalogue()) {
                suspects.add(new Suspect(Suspect.Deed.DROP_TABLE, transaction, OptionalLong.empty()));
            }
        });
        return rewind(suspects, end);
    }

    private Rewind droppedDatabase(long database) {
        List<Suspect> suspects = new ArrayList<>();
        PgWaldump.End end = read(List.of("Database", "Transaction"), none -> false, transaction -> {
            if (transaction.droppedDatabases().contains(database)) {
                suspects.add(new Suspect(Suspect.Deed.DROP_DATABASE, transaction, OptionalLong.empty()));
            }
        });
        return rewind(suspects, end);
    }

    private Set<RelationFile> family(RelationFile file) {
        FileHistory history = new FileHistory();
        read(FILES, none -> false, history::note);
        return new HashSet<>(history.of(file));
    }

    private PgWaldump.End read(
            List<String> managers, Predicate<RelationFile> counted, Consumer<WalTransaction> each) {
        return PgWaldump.read(range, managers, new WalTransactions(counted, each)::accept);
    }

    private static Rewind rewind(List<Suspect> suspects, PgWaldump.End end) {
        List<Suspect> inOrder = suspects.stream()
                .sorted(Comparator.comparing(suspect -> suspect.transaction().commit()))
                .toList();
        Optional<Rewind.Target> target = inOrder.stream()
                .findFirst()
                .map(Suspect::transaction)
                .map(first -> new Rewind.Target(first.commit(), first.at()));
        return new Rewind(inOrder, target, end.complete(), end.note());
    }
}
