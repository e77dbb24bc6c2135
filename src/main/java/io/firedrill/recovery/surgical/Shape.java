package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table as the catalogue has it.
 *
 * @param partitioned rows lie in its partitions
 * @param columns that can be written, in order; generated ones are left out
 * @param key columns of the primary key, else of the first unique key without NULLs; empty: there is none
 * @param uniques columns of every further unique key that is checked at once
 */
record Shape(TableName name, boolean partitioned, List<Column> columns, List<String> key, List<List<String>> uniques) {

    /** @param always identity that only {@code OVERRIDING SYSTEM VALUE} writes; {@code largeObject}: may hold the id of one */
    record Column(String name, String type, boolean always, boolean largeObject) {}

    private static final String COLUMNS = "select attname, format_type(atttypid, atttypmod), attidentity = 'a',"
            + " atttypid = 'oid'::regtype or exists (select from pg_type t where t.oid = atttypid"
            + " and t.typname = 'lo' and t.typbasetype = 'oid'::regtype)"
            + " from pg_attribute where attrelid = ?::regclass and attnum > 0 and not attisdropped"
            + " and attgenerated = '' order by attnum";

    /** Of plain unique indexes: whether primary, whether no column can be NULL, and the columns. */
    private static final String KEYS = "select i.indisprimary, bool_and(a.attnotnull),"
            + " array_to_json(array_agg(a.attname order by k.n))::text from pg_index i,"
            + " unnest(i.indkey::smallint[]) with ordinality k(attnum, n) join pg_attribute a on a.attnum = k.attnum"
            + " where i.indrelid = ?::regclass and a.attrelid = i.indrelid and i.indisunique and i.indisvalid"
            + " and i.indpred is null and i.indexprs is null and k.n <= i.indnkeyatts"
            + " group by i.indexrelid, i.indisprimary, i.indnkeyatts having count(*) = i.indnkeyatts"
            + " order by i.indisprimary desc, i.indnkeyatts, i.indexrelid";

    /** Empty when there is no ordinary or partitioned table of that name. */
    static Optional<Shape> read(TableSession in, TableName name) {
        List<String> kind = in.column("select c.relkind from pg_class c join pg_namespace n"
                + " on n.oid = c.relnamespace where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p')", name.schema(), name.table());
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        List<Column> columns = in.rows(COLUMNS, name.quoted()).stream()
                .map(row -> new Column(String.valueOf(row.get(0)), String.valueOf(row.get(1)), "t".equals(row.get(2)), "t".equals(row.get(3))))
                .toList();
        List<String> key = List.of();
        List<List<String>> uniques = new ArrayList<>();
        for (var row : in.rows(KEYS, name.quoted())) {
            List<String> names = names(String.valueOf(row.get(2)));
            if (key.isEmpty() && "t".equals(row.get(1))) {
                key = names;
            } else {
                uniques.add(names);
            }
        }
        return Optional.of(new Shape(name, kind.getFirst().equals("p"), columns, key, uniques));
    }

    /** Of a JSON array of texts; names hold no control characters that JSON would write otherwise. */
    private static List<String> names(String json) {
        return Arrays.asList(new tools.jackson.databind.json.JsonMapper().readValue(json, String[].class));
    }

    List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** What both have, in this one's order; generated columns of either are left out. */
    Shape common(Shape other) {
        List<String> others = other.names();
        return new Shape(name, partitioned, columns.stream().filter(column -> others.contains(column.name())).toList(), key, uniques);
    }

    boolean hasKeyOf(Shape other) {
        return names().containsAll(other.key);
    }

    Shape withoutKey() {
        return new Shape(name, partitioned, columns, List.of(), uniques);
    }

    /** With only those further unique keys whose columns are all there. */
    Shape withUniquesThere() {
        return new Shape(name, partitioned, columns, key, uniques.stream().filter(names()::containsAll).toList());
    }

    /** E.g. {@code l."a", l."b"}. */
    static String list(String alias, List<String> names) {
        String prefix = alias.isEmpty() ? "" : alias + ".";
        return names.stream().map(column -> prefix + TableName.quoted(column)).collect(joining(", "));
    }

    /** Equal values of these columns in both; none of them can be NULL. */
    static String same(String one, String other, List<String> names) {
        return names.stream().map(column -> "%s.%3$s = %s.%3$s".formatted(one, other, TableName.quoted(column))).collect(joining(" and "));
    }

    /** A text that stands for all of a row. */
    static String whole(String alias, List<String> names) {
        return "md5(row(%s)::text)".formatted(list(alias, names));
    }

    /** Where rows are read: a table's own, or all partitions'. */
    String from(String alias) {
        return (partitioned ? "" : "only ") + name.quoted() + " " + alias;
    }

    /** A text to show a key by, e.g. {@code id=17, line=2}. */
    static String shown(String alias, List<String> names) {
        return Stream.of(names.stream()
                        .map(column -> "%s || %s.%s::text".formatted(text(column + "="), alias, TableName.quoted(column)))
                        .collect(joining(" || ', ' || ")))
                .findFirst()
                .orElse("''");
    }

    static String text(String value) {
        return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
