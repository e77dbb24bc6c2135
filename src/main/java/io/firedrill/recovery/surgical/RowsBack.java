package io.firedrill.recovery.surgical;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.proof.RowsDigest;
import java.util.ArrayList;
import java.util.List;

/** Puts rows back into one table that is there, within the transaction of {@link PutBack}. */
final class RowsBack {
    private final TableSession live;
    private final TableSession copy;
    private final SideSchema side;
    private final TableChange change;
    private final int number;
    private final Shape shape;

    RowsBack(TableSession live, TableSession copy, SideSchema side, TableChange change, int number) {
        this.live = live;
        this.copy = copy;
        this.side = side;
        this.change = change;
        this.number = number;
        Shape now = Shape.read(live, change.name()).orElseThrow(() -> new Failure(
                        "table-gone", "%s is gone since it was compared.".formatted(change.name()), "Nothing was put back.",
                        "Start the recovery again: the table then comes back whole.")
                .lasting());
        Shape common = now.common(Shape.read(copy, change.name()).orElseThrow());
        this.shape = new Shape(common.name(), common.partitioned(), common.columns(), change.key(), List.of());
    }

    PutBackTable run(PutBack.Wish wish) {
        boolean keyed = !change.key().isEmpty();
        if (wish.wholeTables() && !keyed) {
            throw new Failure("no-key", "%s has no primary or unique key: newer rows cannot be told from lost ones.".formatted(change.name()),
                            "Nothing was put back.", "Put only lost rows back, or leave the table out (--only).")
                    .lasting();
        }
        boolean asItWas = wish.wholeTables();
        boolean overwrite = wish.takeBackup() || asItWas;
        long removed = asItWas ? removeNewer() : 0;
        long conflicts = keyed ? fetch("conflict", "backup", new RowsDigest()) : 0;
        if (overwrite && conflicts > 0) {
            overwrite();
        }
        RowsDigest wanted = new RowsDigest();
        fetch("lost", "inserted", wanted);
        long blocked = keyed && asItWas ? add("blocked", "inserted", wanted) : keyed ? fetch("blocked", "blocked", new RowsDigest()) : 0;
        long leftOut = keyed ? insertKeyed() : insertWhole();
        prove(wanted, leftOut > 0);
        PutBackTable done = new PutBackTable(change.schema(), change.table(), change.mode(), change.key(), wanted.rows() - leftOut,
                overwrite ? conflicts : 0, overwrite ? 0 : conflicts, leftOut + (asItWas ? 0 : blocked), removed, notes(leftOut));
        side.write(new SideSchema.Entry(number, done, List.of(), "", SideSchema.PUT_BACK));
        return done;
    }

    private static List<String> notes(long leftOut) {
        return leftOut == 0 ? List.of() : List.of("%,d rows were written by the service while people decided; its own stay".formatted(leftOut));
    }

    /** From the notes in the copy into a new table beside; returns how many. */
    private long fetch(String noted, String beside, RowsDigest digest) {
        live.execute("create table %s as select %s from %s with no data".formatted(
                side.table(beside, number), Shape.list("l", shape.names()), shape.from("l")));
        return add(noted, beside, digest);
    }

    private long add(String noted, String beside, RowsDigest digest) {
        long rows = copy.copy("select %s from %s r".formatted(Shape.list("r", shape.names()), Comparison.noted(noted, number)), live,
                "%s (%s)".formatted(side.table(beside, number), Shape.list("", shape.names())), digest);
        live.execute("analyze " + side.table(beside, number));
        return rows;
    }

    /** Returns how many a row written since stands in the way of; these are moved to {@code left_out}. */
    private long insertKeyed() {
        live.execute("create table %s as select * from %s with no data".formatted(side.table("left_out", number), side.table("inserted", number)));
        return live.execute(("with put as (insert into %1$s (%2$s) overriding system value select %3$s from %4$s s"
                        + " on conflict do nothing returning %5$s), gone as (delete from %4$s s where not exists"
                        + " (select from put p where %6$s) returning %3$s) insert into %7$s select * from gone").formatted(
                change.name().quoted(), Shape.list("", shape.names()), Shape.list("s", shape.names()), side.table("inserted", number),
                Shape.list("", shape.key()), Shape.same("p", "s", shape.key()), side.table("left_out", number)));
    }

    private long insertWhole() {
        live.execute("insert into %s (%s) overriding system value select %s from %s s".formatted(change.name().quoted(),
                Shape.list("", shape.names()), Shape.list("s", shape.names()), side.table("inserted", number)));
        return 0;
    }

    /** The live rows, with what was left out, are those that the copy gave. */
    private void prove(RowsDigest wanted, boolean someLeftOut) {
        if (shape.key().isEmpty()) {
            long lacking = live.number(("select count(*) from (select %1$s as d, count(*) n from %2$s s group by 1) s left join"
                            + " (select %3$s as d, count(*) n from %4$s group by 1) l using (d) where coalesce(l.n, 0) < s.n").formatted(
                    Shape.whole("s", shape.names()), side.table("inserted", number), Shape.whole("l", shape.names()), shape.from("l")));
            RowsDigest kept = new RowsDigest();
            live.digest("select %s from %s s".formatted(Shape.list("s", shape.names()), side.table("inserted", number)), kept);
            if (lacking > 0 || !kept.digest().equals(wanted.digest())) {
                throw notProven(change.name(), wanted.rows(), wanted.rows() - lacking);
            }
            return;
        }
        RowsDigest there = new RowsDigest();
        live.digest("select %s from %s join %s s on %s".formatted(Shape.list("l", shape.names()), shape.from("l"), side.table("inserted", number),
                Shape.same("l", "s", shape.key())), there);
        if (someLeftOut) {
            live.digest("select %s from %s s".formatted(Shape.list("s", shape.names()), side.table("left_out", number)), there);
        }
        if (there.rows() != wanted.rows() || !there.digest().equals(wanted.digest())) {
            throw notProven(change.name(), wanted.rows(), there.rows());
        }
    }

    /** Identity columns that are always generated cannot be written by an UPDATE; where they are no key they stay as they are. */
    private void overwrite() {
        live.execute("create table %s as select l.* from %s join %s s on %s".formatted(side.table("before", number), shape.from("l"),
                side.table("backup", number), Shape.same("l", "s", shape.key())));
        List<String> columns = new ArrayList<>(shape.columns().stream().filter(column -> !column.always()).map(Shape.Column::name).toList());
        columns.removeAll(shape.key());
        if (!columns.isEmpty()) {
            live.execute("update %s set (%s) = row(%s) from %s s where %s".formatted(shape.from("l"), Shape.list("", columns),
                    Shape.list("s", columns), side.table("backup", number), Shape.same("l", "s", shape.key())));
        }
    }

    private long removeNewer() {
        String newer = side.table("newer", number);
        live.execute("create table %s as select %s from %s with no data".formatted(newer, Shape.list("l", shape.key()), shape.from("l")));
        copy.copy("select %s from %s r".formatted(Shape.list("r", shape.key()), Comparison.noted("newer", number)), live,
                "%s (%s)".formatted(newer, Shape.list("", shape.key())), null);
        live.execute("create table %s as select l.* from %s join %s s on %s".formatted(
                side.table("removed", number), shape.from("l"), newer, Shape.same("l", "s", shape.key())));
        return live.execute("delete from %s using %s s where %s".formatted(shape.from("l"), newer, Shape.same("l", "s", shape.key())));
    }

    static FailureException notProven(TableName table, long wanted, long found) {
        return new Failure("not-proven", "%s: %,d rows of the backup were to be there, %,d equal ones are.".formatted(table, wanted, found),
                        "Nothing was put back: the live database is as it was.",
                        "Look for rules or triggers of that table that change rows, then try again.")
                .lasting();
    }
}
