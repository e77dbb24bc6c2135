package io.firedrill.recovery.surgical;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.RowsDigest;
import io.firedrill.tool.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts what {@link Comparison} noted in the copy into the live database: one transaction, proven before it ends. No trigger
 * and no foreign key's action runs for it, whatever the order of tables and cycles; the keys are checked by themselves,
 * with everything in. Writers of these tables wait meanwhile, readers do not.
 */
public final class PutBack {
    /** Longer than this no transaction of the service is waited for, as everybody behind us would wait too. */
    private static final String LOCK_WAIT = "15s";

    private final TableSession live;
    private final TableSession copy;
    private final SideSchema side;
    private final Wish wish;
    private final Progress progress;

    private PutBack(TableSession live, TableSession copy, SideSchema side, Wish wish, Progress progress) {
        this.live = live;
        this.copy = copy;
        this.side = side;
        this.wish = wish;
        this.progress = progress;
    }

    /**
     * @param takeBackup rows that differ get the backup's version; else the live one stays
     * @param wholeTables tables that are there become as the backup has them: newer rows are taken away (and kept beside)
     */
    public record Wish(boolean takeBackup, boolean wholeTables) {}

    /** What an earlier call put back; empty when none did. */
    public static Optional<List<PutBackTable>> done(Database db, String sideSchema) {
        try (TableSession session = TableSession.open(db)) {
            SideSchema side = new SideSchema(session, sideSchema);
            return side.exists() ? Optional.of(side.entries().stream().map(SideSchema.Entry::done).toList()) : Optional.empty();
        }
    }

    public static long bytesBeside(Database db, String sideSchema) {
        try (TableSession session = TableSession.open(db)) {
            SideSchema side = new SideSchema(session, sideSchema);
            return side.exists() ? side.bytes() : 0;
        }
    }

    /**
     * All of it or nothing; once done, calling again only tells. Lasting failures {@code foreign-keys-broken},
     * {@code not-proven}; passing {@code lock-conflict}.
     *
     * @param sideSchema made, named after the incident
     * @param changes as the comparison gave them
     */
    public static List<PutBackTable> run(
            Database db, Database scratch, String sideSchema, List<TableChange> changes, Wish wish, Progress progress) {
        try (TableSession live = TableSession.open(db)) {
            SideSchema side = new SideSchema(live, sideSchema);
            if (side.exists()) {
                return side.entries().stream().map(SideSchema.Entry::done).toList();
            }
            try (TableSession copy = TableSession.open(scratch)) {
                live.execute("set session_replication_role = replica");
                live.execute("set lock_timeout = '%s'".formatted(LOCK_WAIT));
                live.begin();
                side.create();
                List<PutBackTable> done = new PutBack(live, copy, side, wish, progress).all(changes);
                live.commit();
                return done;
            }
        }
    }

    private List<PutBackTable> all(List<TableChange> changes) {
        List<PutBackTable> done = new ArrayList<>();
        List<TableName> touched = new ArrayList<>();
        List<TableChange> rows = changes.stream().filter(change -> !change.whole()).toList();
        rows.forEach(change -> live.execute("lock table %s in share row exclusive mode".formatted(change.name().quoted())));
        for (TableChange change : rows) {
            progress.at("putting rows back into " + change.name(), done.size(), changes.size(), "tables");
            RowsBack back = new RowsBack(live, copy, side, change, changes.indexOf(change));
            done.add(back.run(wish));
            touched.add(change.name());
        }
        List<TableChange> whole = changes.stream().filter(TableChange::whole).toList();
        if (!whole.isEmpty()) {
            touched.addAll(makeWhole(whole, changes, done));
        }
        new LargeObjectsBack(live, copy, side).run(changes);
        touched.forEach(table -> SequencesAbove.raise(live, table));
        requireKeysHold(touched);
        return done;
    }

    private List<TableName> makeWhole(List<TableChange> whole, List<TableChange> changes, List<PutBackTable> done) {
        progress.at("making whole tables again", done.size(), changes.size(), "tables");
        List<TableName> made = WholeTables.make(live, copy, whole.stream().map(TableChange::name).toList());
        // Definitions bring settings of pg_dump's own with them.
        live.execute("set local lock_timeout = '%s'".formatted(LOCK_WAIT));
        List<String> notes = referTo(made);
        for (TableChange change : whole) {
            List<TableName> tree = WholeTables.tree(live, change.name());
            RowsDigest here = digest(live, tree);
            RowsDigest there = digest(copy, tree);
            if (here.rows() != there.rows() || !here.digest().equals(there.digest())) {
                throw RowsBack.notProven(change.name(), there.rows(), here.rows());
            }
            PutBackTable one = new PutBackTable(change.schema(), change.table(), change.mode(), change.key(), here.rows(), 0, 0, 0, 0, notes);
            side.write(new SideSchema.Entry(changes.indexOf(change), one, tree, here.digest(), SideSchema.PUT_BACK));
            done.add(one);
        }
        return made;
    }

    /** Over the columns that can be written, of every table in turn. */
    static RowsDigest digest(TableSession in, List<TableName> tree) {
        RowsDigest digest = new RowsDigest();
        for (TableName table : tree) {
            Shape shape = Shape.read(in, table).orElseThrow();
            if (!shape.partitioned()) {
                in.digest("select %s from %s".formatted(Shape.list("r", shape.names().stream().sorted().toList()), shape.from("r")), digest);
            }
        }
        return digest;
    }

    /** Keys of tables that stayed, which went when the table did. */
    private List<String> referTo(List<TableName> made) {
        List<String> notes = new ArrayList<>();
        for (ForeignKeys.Key key : ForeignKeys.to(copy, made)) {
            if (made.contains(key.child()) || Shape.read(live, key.child()).isEmpty() || has(key)) {
                continue;
            }
            String adding = "alter table %s add constraint %s %s".formatted(key.child().quoted(), TableName.quoted(key.name()), key.definition());
            if (!live.attempt(adding, "23503")) {
                live.execute(adding + (key.validated() ? " not valid" : ""));
                notes.add("the foreign key %s of %s is back but NOT VALID: some rows refer to what the table has not".formatted(key.name(), key.child()));
            }
            side.addForeignKey(key.child(), key.name());
        }
        return notes;
    }

    private boolean has(ForeignKeys.Key key) {
        return !live.column("select 1 from pg_constraint where conname = ? and conrelid = ?::regclass",
                key.name(), key.child().quoted()).isEmpty();
    }

    private void requireKeysHold(List<TableName> touched) {
        progress.at("checking foreign keys", 0, 0, "keys");
        List<String> broken = ForeignKeys.broken(live, touched);
        if (!broken.isEmpty()) {
            throw new Failure("foreign-keys-broken", String.join("; ", broken) + ".",
                            "Nothing was put back: the live database is as it was.",
                            "Recover the tables they refer to as well (--only), or the whole database.")
                    .lasting();
        }
    }
}
