package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import io.firedrill.tool.PgDump;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Tables that are gone and come back complete: their definitions are pg_dump's own, run in the same transaction as
 * everything else. Partitions are attached last, when their indexes are there, so that one alone fits into a living parent.
 */
final class WholeTables {
    private static final Pattern ATTACH_TABLE = Pattern.compile("(?m)^ALTER TABLE ONLY [^\\n]* ATTACH PARTITION [^\\n]*;$");
    private static final Pattern ATTACH_INDEX = Pattern.compile("(?m)^ALTER INDEX [^\\n]* ATTACH PARTITION [^\\n]*;$");
    /** Newer pg_dump guards its scripts for psql with these two lines. */
    private static final Pattern GUARD = Pattern.compile("(?m)^\\\\(un)?restrict [A-Za-z0-9]+$");

    private static final String TREE = "select n.nspname, c.relname from pg_partition_tree(?::regclass) p"
            + " join pg_class c on c.oid = p.relid join pg_namespace n on n.oid = c.relnamespace";
    private static final String PARENT = "select n.nspname, c.relname from pg_inherits i join pg_class c"
            + " on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace"
            + " where i.inhrelid = ?::regclass and c.relkind = 'p'";
    private static final String SEQUENCES = "select n.nspname, s.relname from pg_depend d join pg_class s"
            + " on s.oid = d.objid and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace"
            + " where d.classid = 'pg_class'::regclass and d.refobjid = ?::regclass and d.deptype in ('a', 'i')";
    private static final String VIEWS = "select distinct n.nspname, v.relname from pg_depend d join pg_rewrite r"
            + " on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass join pg_class v on v.oid = r.ev_class"
            + " join pg_namespace n on n.oid = v.relnamespace where d.refobjid = ?::regclass and v.relkind in ('v', 'm')"
            + " and v.oid <> d.refobjid";
    private static final String PUBLICATIONS = "select p.pubname from pg_publication_rel r join pg_publication p"
            + " on p.oid = r.prpubid where r.prrelid = ?::regclass";

    private WholeTables() {}

    /** A partition whose parent is gone too stands for its whole tree. */
    static List<TableName> collapse(TableSession live, TableSession copy, List<TableName> tables) {
        Set<TableName> wanted = new LinkedHashSet<>();
        for (TableName table : tables) {
            TableName top = table;
            if (Shape.read(copy, table).isPresent() && Shape.read(live, table).isEmpty()) {
                for (List<TableName> parent = names(copy, PARENT, top);
                        !parent.isEmpty() && Shape.read(live, parent.getFirst()).isEmpty();
                        parent = names(copy, PARENT, top)) {
                    top = parent.getFirst();
                }
            }
            wanted.add(top);
        }
        return List.copyOf(wanted);
    }

    /** The table with its partitions, which may be none. */
    static List<TableName> tree(TableSession in, TableName table) {
        List<TableName> tree = names(in, TREE, table);
        return tree.isEmpty() ? List.of(table) : tree;
    }

    private static List<TableName> names(TableSession in, String sql, TableName of) {
        return in.rows(sql, of.quoted()).stream()
                .map(row -> new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1))))
                .toList();
    }

    static List<String> notes(TableSession live, TableSession copy, TableName table) {
        List<String> notes = new ArrayList<>();
        notes.add("comes back complete: rows, keys, indexes, constraints, owner, grants and the sequences it owns");
        Set<TableName> views = new LinkedHashSet<>();
        List<TableName> todo = new ArrayList<>(tree(copy, table));
        while (!todo.isEmpty()) {
            names(copy, VIEWS, todo.removeFirst()).stream().filter(views::add).forEach(todo::add);
        }
        List<String> gone = views.stream()
                .filter(view -> live.yes("select to_regclass(?) is null", view.quoted()))
                .map(TableName::toString)
                .toList();
        if (!gone.isEmpty()) {
            notes.add("views that went with it are not made again: " + String.join(", ", gone));
        }
        List<String> publications = copy.column(PUBLICATIONS, table.quoted());
        if (!publications.isEmpty()) {
            notes.add("is not added again to the publications " + String.join(", ", publications));
        }
        List<String> referring = ForeignKeys.to(copy, List.of(table)).stream()
                .filter(key -> Shape.read(live, key.child()).isPresent())
                .map(key -> key.name() + " of " + key.child())
                .toList();
        if (!referring.isEmpty()) {
            notes.add("foreign keys to it come back: " + String.join(", ", referring));
        }
        return notes;
    }

    /** Makes them in {@code live}, in its transaction, with all their rows; returns every table made, partitions too. */
    static List<TableName> make(TableSession live, TableSession copy, List<TableName> tables) {
        List<TableName> all = tables.stream().flatMap(table -> tree(copy, table).stream()).distinct().toList();
        all.stream().map(TableName::schema).distinct().forEach(schema -> makeSchema(live, copy, schema));
        List<String> patterns = all.stream().map(TableName::quoted).toList();
        String before = GUARD.matcher(PgDump.definitions(copy.database(), patterns, "pre-data")).replaceAll("");
        String after = GUARD.matcher(PgDump.definitions(copy.database(), patterns, "post-data")).replaceAll("");
        live.execute(ATTACH_TABLE.matcher(before).replaceAll(""));
        for (TableName table : all) {
            Shape shape = Shape.read(copy, table).orElseThrow();
            if (!shape.partitioned()) {
                copy.copy("select %s from %s".formatted(Shape.list("c", shape.names()), shape.from("c")), live,
                        "%s (%s)".formatted(table.quoted(), Shape.list("", shape.names())), null);
            }
            sequences(live, copy, table);
        }
        live.execute(ATTACH_INDEX.matcher(after).replaceAll(""));
        String attach = ATTACH_TABLE.matcher(before).results().map(MatchResult::group).collect(joining("\n"))
                + ATTACH_INDEX.matcher(after).results().map(MatchResult::group).collect(joining("\n", "\n", ""));
        if (!attach.isBlank()) {
            live.execute(attach);
        }
        return all;
    }

    private static void makeSchema(TableSession live, TableSession copy, String schema) {
        if (live.column("select 1 from pg_namespace where nspname = ?", schema).isEmpty()) {
            String owner = copy.column("select pg_get_userbyid(nspowner) from pg_namespace where nspname = ?", schema).getFirst();
            live.execute("create schema %s authorization %s".formatted(TableName.quoted(schema), TableName.quoted(owner)));
        }
    }

    private static void sequences(TableSession live, TableSession copy, TableName table) {
        for (TableName sequence : names(copy, SEQUENCES, table)) {
            var value = copy.rows("select last_value, is_called from " + sequence.quoted()).getFirst();
            live.rows("select setval(?::regclass, ?::bigint, ?::boolean)", sequence.quoted(), value.get(0), value.get(1));
        }
    }
}
