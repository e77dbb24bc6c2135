package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Foreign keys of a database: what they are, and whether they hold. */
final class ForeignKeys {
    private static final String KEYS = "select k.conname, cn.nspname, c.relname, pn.nspname, p.relname,"
            + " (select string_agg(quote_ident(a.attname), chr(1) order by x.n) from unnest(k.conkey) with ordinality x(num, n)"
            + "   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num),"
            + " (select string_agg(quote_ident(a.attname), chr(1) order by x.n) from unnest(k.confkey) with ordinality x(num, n)"
            + "   join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num),"
            + " pg_get_constraintdef(k.oid), k.convalidated"
            + " from pg_constraint k join pg_class c on c.oid = k.conrelid"
            + " join pg_namespace cn on cn.oid = c.relnamespace join pg_class p on p.oid = k.confrelid"
            + " join pg_namespace pn on pn.oid = p.relnamespace where k.contype = 'f' and k.conparentid = 0 and (%s) order by 2, 3, 1";

    /** A partition is bound by its parents' keys, and a parent by what its partitions have. */
    private static final String FAMILY = "%s in (select t.oid from pg_class t where t.oid = ?::regclass union"
            + " select a.relid from pg_partition_ancestors(?::regclass) a union"
            + " select d.relid from pg_partition_tree(?::regclass) d)";

    private ForeignKeys() {}

    /** @param childColumns and {@code parentColumns}: quoted where needed; {@code definition}: what follows its name */
    record Key(String name, TableName child, TableName parent, List<String> childColumns, List<String> parentColumns, String definition,
            boolean validated) {

        /** Rows of the child without their parent. */
        String orphans() {
            return "from %s c where %s and not exists (select from %s p where %s)".formatted(
                    child.quoted(),
                    childColumns.stream().map(column -> "c." + column + " is not null").collect(joining(" and ")),
                    parent.quoted(),
                    IntStream.range(0, childColumns.size())
                            .mapToObj(i -> "p.%s = c.%s".formatted(parentColumns.get(i), childColumns.get(i)))
                            .collect(joining(" and ")));
        }
    }

    static List<Key> to(TableSession in, List<TableName> parents) {
        return of(in, parents, FAMILY.formatted("k.confrelid"));
    }

    static List<Key> from(TableSession in, List<TableName> children) {
        return of(in, children, FAMILY.formatted("k.conrelid"));
    }

    private static List<Key> of(TableSession in, List<TableName> tables, String which) {
        List<Key> keys = new ArrayList<>();
        for (TableName table : tables) {
            String name = table.quoted();
            in.rows(KEYS.formatted(which), name, name, name).stream()
                    .map(row -> new Key(String.valueOf(row.get(0)),
                            new TableName(String.valueOf(row.get(1)), String.valueOf(row.get(2))),
                            new TableName(String.valueOf(row.get(3)), String.valueOf(row.get(4))),
                            List.of(String.valueOf(row.get(5)).split("\u0001")), List.of(String.valueOf(row.get(6)).split("\u0001")),
                            String.valueOf(row.get(7)), "t".equals(row.get(8))))
                    .filter(key -> !keys.contains(key))
                    .forEach(keys::add);
        }
        return keys;
    }

    /** A sentence for every key from or to these tables that does not hold; those that nobody checked yet are left out. */
    static List<String> broken(TableSession in, List<TableName> tables) {
        List<Key> all = new ArrayList<>(from(in, tables));
        to(in, tables).stream().filter(key -> !all.contains(key)).forEach(all::add);
        return all.stream()
                .filter(Key::validated)
                .map(key -> broken(in, key))
                .filter(sentence -> !sentence.isEmpty())
                .toList();
    }

    private static String broken(TableSession in, Key key) {
        long rows = in.number("select count(*) " + key.orphans());
        return rows == 0 ? "" : "%,d rows of %s refer to rows of %s that are not there (%s)".formatted(rows, key.child(), key.parent(), key.name());
    }
}
