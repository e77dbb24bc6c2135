package io.firedrill.recovery.surgical;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The schema in the live database where everything that an incident changed there is kept: a journal, and per table the
 * rows put in, the versions they replaced, and those left out. Its tables are numbered as the journal's lines are.
 */
final class SideSchema {
    static final String PUT_BACK = "put-back";
    static final String TAKEN_OUT = "taken-out";

    private final TableSession live;
    private final String name;

    /** @param name of the schema, unquoted */
    SideSchema(TableSession live, String name) {
        this.live = live;
        this.name = name;
    }

    /** A line of the journal. {@code made}: a whole table's own name and its partitions'; {@code digest}: of its rows. */
    record Entry(int number, PutBackTable done, List<TableName> made, String digest, String state) {}

    String name() {
        return name;
    }

    /** E.g. {@code "firedrill_20261123_084512"."inserted_0"}. */
    String table(String what, int number) {
        return TableName.quoted(name) + "." + TableName.quoted(what + "_" + number);
    }

    private String journal() {
        return TableName.quoted(name) + ".put_back";
    }

    boolean exists() {
        return !live.column("select 1 from pg_namespace where nspname = ?", name).isEmpty()
                && live.yes("select to_regclass(?) is not null", journal());
    }

    void create() {
        live.execute("create schema " + TableName.quoted(name));
        live.execute("comment on schema %s is 'Kept by Firedrill: what it put back into this database, for undo'".formatted(TableName.quoted(name)));
        live.execute("create table %s (number int primary key, entry jsonb not null, state text not null, at timestamptz not null default now())"
                .formatted(journal()));
        live.execute("create table %s.large_objects (id oid primary key)".formatted(TableName.quoted(name)));
        live.execute("create table %s.foreign_keys (child text, name text)".formatted(TableName.quoted(name)));
    }

    void write(Entry entry) {
        live.rows("insert into %s (number, entry, state) values (?, ?::jsonb, ?) returning 1".formatted(journal()),
                entry.number(), new JsonMapper().writeValueAsString(entry), entry.state());
    }

    List<Entry> entries() {
        return live.rows("select entry, state from %s order by number".formatted(journal())).stream()
                .map(row -> {
                    Entry entry = new JsonMapper().readValue(String.valueOf(row.get(0)), Entry.class);
                    return new Entry(entry.number(), entry.done(), entry.made(), entry.digest(), String.valueOf(row.get(1)));
                })
                .toList();
    }

    void takenOut() {
        live.execute("update %s set state = '%s', at = now()".formatted(journal(), TAKEN_OUT));
    }

    void addLargeObject(String oid) {
        live.rows("insert into %s.large_objects values (?::oid) returning 1".formatted(TableName.quoted(name)), oid);
    }

    List<String> largeObjects() {
        return live.column("select id from %s.large_objects".formatted(TableName.quoted(name)));
    }

    void addForeignKey(TableName child, String key) {
        live.rows("insert into %s.foreign_keys values (?, ?) returning 1".formatted(TableName.quoted(name)), child.quoted(), key);
    }

    /** Table and name, quoted, of those that were added to tables that had been there. */
    List<List<String>> foreignKeys() {
        return live.rows("select child, name from %s.foreign_keys".formatted(TableName.quoted(name))).stream()
                .map(row -> List.of(String.valueOf(row.get(0)), TableName.quoted(String.valueOf(row.get(1)))))
                .toList();
    }

    long bytes() {
        return live.number("select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c"
                + " join pg_namespace n on n.oid = c.relnamespace where n.nspname = ? and c.relkind = 'r'", name);
    }
}
