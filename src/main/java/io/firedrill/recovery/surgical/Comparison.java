package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.recovery.surgical.TableChange.Conflict;
import io.firedrill.tool.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Holds tables of the live database against a scratch copy of it. Reads the live one in one snapshot; what it finds it
 * notes in the copy, in a schema of its own, from where {@link PutBack} takes it.
 */
public final class Comparison {
    /** In the copy; numbered as the changes are, from 0. */
    static final String NOTES = "firedrill_compared";

    private static final int EXAMPLES = 5;

    private final TableSession live;
    private final TableSession copy;
    private final Progress progress;
    private final List<TableChange> changes = new ArrayList<>();

    private Comparison(TableSession live, TableSession copy, Progress progress) {
        this.live = live;
        this.copy = copy;
        this.progress = progress;
    }

    /** Lasting failure {@code table-not-in-backup}. What an earlier comparison noted is forgotten. */
    public static List<TableChange> of(Database live, Database copy, List<TableName> tables, Progress progress) {
        try (TableSession there = TableSession.open(live);
                TableSession scratch = TableSession.open(copy)) {
            scratch.execute("drop schema if exists " + NOTES + " cascade");
            scratch.execute("create schema " + NOTES);
            there.begin();
            there.execute("set transaction isolation level repeatable read read only");
            Comparison comparison = new Comparison(there, scratch, progress);
            WholeTables.collapse(there, scratch, tables).forEach(comparison::compare);
            there.commit();
            return comparison.changes;
        }
    }

    static String noted(String what, int number) {
        return NOTES + "." + what + "_" + number;
    }

    private void compare(TableName name) {
        progress.at("comparing " + name, changes.size(), 0, "tables");
        Shape backup = Shape.read(copy, name).orElseThrow(() -> new Failure(
                        "table-not-in-backup", "The backup has no table %s.".formatted(name),
                        "Nothing was changed; the live database goes on serving.",
                        "Leave it out (--only), or name another backup or moment with --to.")
                .lasting());
        Optional<Shape> now = Shape.read(live, name);
        changes.add(now.isEmpty() ? whole(name, backup) : rows(now.get(), backup));
    }

    private TableChange whole(TableName name, Shape backup) {
        long rows = copy.number("select count(*) from " + backup.from("c"));
        return new TableChange(name.schema(), name.table(), TableChange.WHOLE_TABLE, backup.key(), rows, 0L, rows, 0L, 0L, 0L, List.of(),
                WholeTables.notes(live, copy, name));
    }

    private TableChange rows(Shape now, Shape backup) {
        int number = changes.size();
        Shape common = now.common(backup).withUniquesThere();
        boolean keyed = !now.key().isEmpty() && backup.names().containsAll(now.key());
        Shape shape = keyed ? common : common.withoutKey();
        readLive(shape, number);
        Sql sql = new Sql(shape, backup, number);
        long blocked = 0;
        long conflicts = 0;
        if (keyed) {
            sql.missing().forEach(copy::execute);
            blocked = copy.number("select count(*) from " + noted("blocked", number));
            conflicts = copy.number("select count(*) from " + noted("conflict", number));
        } else {
            sql.missingWhole().forEach(copy::execute);
        }
        long newer = copy.number("select coalesce(sum(n), 0) from " + noted("newer", number));
        List<Conflict> examples = new ArrayList<>(keyed ? new Differences(live, copy, shape, number).examples(EXAMPLES) : List.of());
        if (blocked > 0) {
            copy.column("select %s from %s r limit %d".formatted(Shape.shown("r", shape.key()), noted("blocked", number), EXAMPLES))
                    .forEach(key -> examples.add(new Conflict(key, "stays out: a newer row has one of its unique values")));
        }
        return new TableChange(now.name().schema(), now.name().table(), TableChange.LOST_ROWS, shape.key(),
                copy.number("select count(*) from " + backup.from("c")), copy.number("select count(*) from " + noted("live", number)),
                copy.number("select count(*) from " + noted("lost", number)), conflicts, blocked, newer, examples,
                RowNotes.of(live, now, backup, keyed, newer));
    }

    /** Keys, a digest of every row and of its further unique values: all that is fetched of the live table. */
    private void readLive(Shape shape, int number) {
        List<String> here = new ArrayList<>();
        List<String> there = new ArrayList<>();
        shape.key().forEach(column -> {
            here.add("c." + TableName.quoted(column));
            there.add("l." + TableName.quoted(column));
        });
        here.add("''::text as firedrill_row");
        there.add(Shape.whole("l", shape.names()));
        IntStream.range(0, shape.uniques().size()).forEach(i -> {
            here.add("''::text as firedrill_unique_" + i);
            there.add(unique("l", shape.uniques().get(i)));
        });
        copy.execute("create unlogged table %s as select %s from %s with no data".formatted(
                noted("live", number), String.join(", ", here), shape.from("c")));
        live.copy("select %s from %s".formatted(String.join(", ", there), shape.from("l")), copy, noted("live", number), null);
        copy.execute("analyze " + noted("live", number));
    }

    private static String unique(String alias, List<String> columns) {
        return "case when num_nulls(%1$s) = 0 then md5(row(%1$s)::text) end".formatted(Shape.list(alias, columns));
    }

    /** What is noted in the copy of one table. */
    private record Sql(Shape shape, Shape backup, int number) {
        private String all() {
            return Shape.list("c", shape.names());
        }

        List<String> missing() {
            String same = Shape.same("l", "c", shape.key());
            String taken = IntStream.range(0, shape.uniques().size())
                    .mapToObj(i -> "exists (select from %s u where u.firedrill_unique_%d = %s)".formatted(
                            noted("live", number), i, unique("c", shape.uniques().get(i))))
                    .collect(joining(" or "));
            String lost = "from %s where not exists (select from %s l where %s) and ".formatted(backup.from("c"), noted("live", number), same);
            return List.of(
                    "create unlogged table %s as select %s %s not (%s)".formatted(noted("lost", number), all(), lost, taken.isEmpty() ? "false" : taken),
                    "create unlogged table %s as select %s %s (%s)".formatted(noted("blocked", number), all(), lost, taken.isEmpty() ? "false" : taken),
                    "create unlogged table %s as select %s from %s join %s l on %s where l.firedrill_row <> %s".formatted(
                            noted("conflict", number), all(), backup.from("c"), noted("live", number), same, Shape.whole("c", shape.names())),
                    "create unlogged table %s as select %s, 1::bigint as n from %s l where not exists (select from %s where %s)".formatted(
                            noted("newer", number), Shape.list("l", shape.key()), noted("live", number), backup.from("c"), same));
        }

        /** Of rows that are alike, as many as there are fewer. */
        List<String> missingWhole() {
            String counted = "(select firedrill_row, count(*) n from %s group by 1)".formatted(noted("live", number));
            String numbered = "(select %s, %s as firedrill_row, row_number() over (partition by %2$s) as firedrill_nth from %s)".formatted(
                    all(), Shape.whole("c", shape.names()), backup.from("c"));
            return List.of(
                    "create unlogged table %s as select %s from %s c left join %s l using (firedrill_row) where c.firedrill_nth > coalesce(l.n, 0)"
                            .formatted(noted("lost", number), all(), numbered, counted),
                    "create unlogged table %s as select l.n - coalesce(c.n, 0) as n from %s l left join (select %s as firedrill_row, count(*) n from %s group by 1) c using (firedrill_row) where l.n > coalesce(c.n, 0)"
                            .formatted(noted("newer", number), counted, Shape.whole("c", shape.names()), backup.from("c")));
        }
    }
}
