package io.firedrill.recovery.surgical;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.RowsDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The reverse of {@link PutBack}, exactly: rows put in are taken out, rows overwritten get their version back, rows removed
 * return, and a table that came back whole moves aside. Refused, with a list, when something of it changed since. What
 * is kept beside stays.
 */
public final class TakeOut {
    private static final int SHOWN = 10;

    private final TableSession live;
    private final SideSchema side;
    private final List<String> changed = new ArrayList<>();

    private TakeOut(TableSession live, SideSchema side) {
        this.live = live;
        this.side = side;
    }

    /** Nothing to take out is fine. Lasting failures {@code rows-changed-since}, {@code foreign-keys-broken}. */
    public static void run(Database db, String sideSchema) {
        try (TableSession live = TableSession.open(db)) {
            SideSchema side = new SideSchema(live, sideSchema);
            if (!side.exists()) {
                return;
            }
            List<SideSchema.Entry> entries = side.entries().stream()
                    .filter(entry -> entry.state().equals(SideSchema.PUT_BACK))
                    .toList();
            if (entries.isEmpty()) {
                return;
            }
            live.execute("set session_replication_role = replica");
            live.execute("set lock_timeout = '15s'");
            live.begin();
            new TakeOut(live, side).all(entries);
            live.commit();
        }
    }

    private void all(List<SideSchema.Entry> entries) {
        entries.forEach(entry -> {
            if (Shape.read(live, entry.done().name()).isEmpty()) {
                changed.add("%s is gone".formatted(entry.done().name()));
            } else {
                live.execute("lock table %s in share row exclusive mode".formatted(entry.done().name().quoted()));
                look(entry);
            }
        });
        if (!changed.isEmpty()) {
            throw new Failure("rows-changed-since", "What was put back changed since: " + String.join("; ", changed) + ".",
                            "Taking it out would lose those changes; nothing was undone.",
                            "Let it stay, or mend these rows by hand; what was put in is listed in the schema %s.".formatted(side.name()))
                    .lasting();
        }
        entries.forEach(this::reverse);
        side.largeObjects().forEach(oid -> live.rows(
                "select lo_unlink(oid) from pg_largeobject_metadata where oid = ?::oid", oid));
        List<String> broken = ForeignKeys.broken(live, entries.stream().filter(entry -> entry.made().isEmpty()).map(entry -> entry.done().name()).toList());
        if (!broken.isEmpty()) {
            throw new Failure("foreign-keys-broken", "With it out, " + String.join("; ", broken) + ".",
                            "Newer rows refer to what was put back; nothing was undone.", "Let it stay, or mend these rows by hand first.")
                    .lasting();
        }
        side.takenOut();
    }

    private Shape shape(SideSchema.Entry entry) {
        Shape now = Shape.read(live, entry.done().name()).orElseThrow();
        List<String> beside = live.column("select attname from pg_attribute where attrelid = ?::regclass and attnum > 0"
                + " and not attisdropped", side.table("inserted", entry.number()));
        return new Shape(now.name(), now.partitioned(), now.columns().stream().filter(column -> beside.contains(column.name())).toList(),
                entry.done().key(), List.of());
    }

    private void look(SideSchema.Entry entry) {
        if (!entry.made().isEmpty()) {
            RowsDigest now = PutBack.digest(live, entry.made());
            if (!now.digest().equals(entry.digest())) {
                changed.add("%s has other rows than came back (%,d now, %,d then)".formatted(entry.done().name(), now.rows(), entry.done().inserted()));
            }
            return;
        }
        Shape shape = shape(entry);
        if (shape.key().isEmpty()) {
            tell(shape, "whole rows", live.number("select coalesce(sum(s.n - coalesce(l.n, 0)), 0)::bigint from %s where coalesce(l.n, 0) < s.n".formatted(
                    grouped(shape, entry))), List.of());
            return;
        }
        lookAt(shape, side.table("inserted", entry.number()));
        if (entry.done().overwritten() > 0) {
            lookAt(shape, side.table("backup", entry.number()));
        }
    }

    private void lookAt(Shape shape, String beside) {
        String differing = "from %s s left join %s on %s where %s is distinct from %s".formatted(beside, shape.from("l"),
                Shape.same("l", "s", shape.key()), Shape.whole("l", shape.names()), Shape.whole("s", shape.names()));
        long rows = live.number("select count(*) " + differing);
        tell(shape, "rows", rows, rows == 0 ? List.of() : live.column("select %s %s order by 1 limit %d".formatted(
                Shape.shown("s", shape.key()), differing, SHOWN)));
    }

    private void tell(Shape shape, String what, long rows, List<String> keys) {
        if (rows > 0) {
            changed.add("%,d %s of %s%s".formatted(rows, what, shape.name(),
                    keys.isEmpty() ? "" : " (%s%s)".formatted(String.join("; ", keys), rows > keys.size() ? "; …" : "")));
        }
    }

    /** Rows beside ({@code s}) and in the table ({@code l}) that are alike, counted ({@code n}). */
    private String grouped(Shape shape, SideSchema.Entry entry) {
        return "(select %s as d, count(*) n from %s s group by 1) s left join (select %s as d, count(*) n from %s group by 1) l using (d)".formatted(
                Shape.whole("s", shape.names()), side.table("inserted", entry.number()), Shape.whole("l", shape.names()), shape.from("l"));
    }

    private void reverse(SideSchema.Entry entry) {
        if (!entry.made().isEmpty()) {
            moveAside(entry);
            return;
        }
        Shape shape = shape(entry);
        int number = entry.number();
        if (shape.key().isEmpty()) {
            live.execute(("delete from %1$s where (l.tableoid, l.ctid) in (select x.t, x.c from (select r.tableoid as t, r.ctid as c, %2$s as d,"
                            + " row_number() over (partition by %2$s) as nth from %3$s) x join (select %4$s as d, count(*) n from %5$s s group by 1) s"
                            + " on s.d = x.d where x.nth <= s.n)").formatted(shape.from("l"), Shape.whole("r", shape.names()), shape.from("r"),
                    Shape.whole("s", shape.names()), side.table("inserted", number)));
            return;
        }
        live.execute("delete from %s using %s s where %s".formatted(shape.from("l"), side.table("inserted", number), Shape.same("l", "s", shape.key())));
        if (entry.done().overwritten() > 0) {
            List<String> columns = shape.columns().stream().filter(column -> !column.always()).map(Shape.Column::name)
                    .filter(column -> !shape.key().contains(column)).toList();
            if (!columns.isEmpty()) {
                live.execute("update %s set (%s) = row(%s) from %s s where %s".formatted(shape.from("l"), Shape.list("", columns),
                        Shape.list("s", columns), side.table("before", number), Shape.same("l", "s", shape.key())));
            }
        }
        if (entry.done().removed() > 0) {
            Shape all = Shape.read(live, shape.name()).orElseThrow();
            live.execute("insert into %s (%s) overriding system value select %s from %s s".formatted(shape.name().quoted(),
                    Shape.list("", all.names()), Shape.list("s", all.names()), side.table("removed", number)));
        }
    }

    /** Its data stays, in a schema of its own; what bound it to the tables that serve is taken off. */
    private void moveAside(SideSchema.Entry entry) {
        side.foreignKeys().forEach(key -> live.execute("alter table if exists %s drop constraint if exists %s".formatted(key.get(0), key.get(1))));
        ForeignKeys.from(live, entry.made()).stream()
                .filter(key -> !entry.made().contains(key.parent()))
                .forEach(key -> live.execute("alter table %s drop constraint if exists %s".formatted(key.child().quoted(), TableName.quoted(key.name()))));
        String aside = "%s_%d".formatted(side.name(), entry.number());
        live.execute("create schema if not exists " + TableName.quoted(aside));
        entry.made().forEach(table -> live.execute("alter table %s set schema %s".formatted(table.quoted(), TableName.quoted(aside))));
    }
}
