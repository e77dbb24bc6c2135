package io.firedrill.recovery.surgical;

/** Sequences that number a table's rows must not give out a number that came back. Only ever moved onward. */
final class SequencesAbove {
    /** Sequence, column, whether it counts upward, of those that a column owns or takes its default from. */
    private static final String SEQUENCES = "select distinct n.nspname, s.relname, a.attname, q.seqincrement > 0 from pg_attribute a"
            + " left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum"
            + " join pg_depend d on (d.refclassid = 'pg_class'::regclass and d.refobjid = a.attrelid"
            + "   and d.refobjsubid = a.attnum and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i'))"
            + "   or (d.classid = 'pg_attrdef'::regclass and d.objid = f.oid"
            + "   and d.refclassid = 'pg_class'::regclass)"
            + " join pg_class s on s.relkind = 'S' and s.oid in (d.objid, d.refobjid)"
            + " join pg_namespace n on n.oid = s.relnamespace join pg_sequence q on q.seqrelid = s.oid"
            + " where a.attrelid = ?::regclass and not a.attisdropped and a.atttypid in"
            + " ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)";

    private SequencesAbove() {}

    static void raise(TableSession live, TableName table) {
        live.rows(SEQUENCES, table.quoted()).forEach(row -> {
            String sequence = new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1))).quoted();
            boolean up = "t".equals(row.get(3));
            live.rows("select setval(%1$s::regclass, x.reached::bigint, true) from (select %2$s(%3$s) as reached from %4$s) x, %5$s q where x.reached %6$s q.last_value or (x.reached = q.last_value and not q.is_called)"
                    .formatted(Shape.text(sequence), up ? "max" : "min", TableName.quoted(String.valueOf(row.get(2))), table.quoted(), sequence, up ? ">" : "<"));
        });
    }
}
