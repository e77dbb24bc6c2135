package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** Large objects that rows put back refer to and that the live database lacks; those it has stay as they are. */
final class LargeObjectsBack {
    private static final int CHUNK = 1 << 20;
    private static final String SIZE = "select coalesce(max(pageno) * 2048 + max(2048), 0) from pg_largeobject where loid = ?::oid";

    private final TableSession live;
    private final TableSession copy;
    private final SideSchema side;

    LargeObjectsBack(TableSession live, TableSession copy, SideSchema side) {
        this.live = live;
        this.copy = copy;
        this.side = side;
    }

    void run(List<TableChange> changes) {
        for (int number = 0; number < changes.size(); number++) {
            TableChange change = changes.get(number);
            Shape shape = Shape.read(copy, change.name()).orElseThrow();
            String rows = change.whole() ? shape.from("r") : Comparison.noted("lost", number) + " r";
            String ids = shape.columns().stream()
                    .filter(Shape.Column::largeObject)
                    .map(column -> "select r.%s::oid as id from %s".formatted(TableName.quoted(column.name()), rows))
                    .collect(joining(" union "));
            if (!ids.isEmpty()) {
                copy.column("select m.oid from pg_largeobject_metadata m join (%s) x on x.id = m.oid".formatted(ids))
                        .forEach(this::bring);
            }
        }
    }

    private void bring(String oid) {
        if (!live.column("select 1 from pg_largeobject_metadata where oid = ?::oid", oid).isEmpty()) {
            return;
        }
        live.rows("select lo_create(?::oid)", oid);
        long size = copy.number(SIZE, oid);
        for (long at = 0; at < size; at += CHUNK) {
            String part = copy.column("select encode(lo_get(?::oid, ?, ?), 'base64')", oid, at, CHUNK).getFirst();
            live.rows("select lo_put(?::oid, ?, decode(?, 'base64'))", oid, at, part);
        }
        String owner = copy.column("select quote_ident(pg_get_userbyid(lomowner)) from pg_largeobject_metadata where oid = ?::oid", oid)
                .getFirst();
        live.execute("alter large object %s owner to %s".formatted(oid, owner));
        side.addLargeObject(oid);
    }
}
