package io.firedrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Database;
import io.firedrill.tool.PgDump;
import io.firedrill.tool.PgRestore;
import io.firedrill.tool.Progress;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A database with one of everything reads the same from pg_dump's own stream as by a reading of every table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RowsInDumpIT {
    private static final String SOURCE = "anything dumped";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();

    @BeforeAll
    void create() {
        postgres.script("postgres", "roles.sql");
        postgres.create(SOURCE);
        postgres.script(SOURCE, "anything.sql");
        postgres.sql(SOURCE, "create table long_rows (z int, \"a b\"\" c\" text, m bytea)",
                "insert into long_rows select g, repeat(md5(g::text), 20000 * g), decode(repeat('00ff0a09', 100000), 'hex')"
                        + " from generate_series(1, 3) g",
                "create table in_order (a int, b text)",
                "insert into in_order select g, repeat(md5(g::text), 20000 * g) from generate_series(1, 3) g",
                "create table empty_one (b int, a int)",
                "create table only_marks (a text)", "insert into only_marks values (E'\\\\.'), ('.'), (''), (null), (E'\\n')");
    }

    @AfterAll
    void drop() {
        postgres.drop(SOURCE);
        postgres.sql("postgres", "drop role \"owner of \"\"things\"\"\", reader, granter, \"Ünïcode role\"");
    }

    private Database database() {
        return postgres.database("anything", SOURCE);
    }

    private Map<Long, RowsInDump.Rows> dumped(String snapshot, OutputStream out) throws InterruptedException {
        try (RowsInDump rows = RowsInDump.listening()) {
            PgDump.dump(database(), new PgDump.Wanted(snapshot, "UTF8", 0), rows.before(out), Progress.NONE);
            rows.end();
            return rows.await();
        }
    }

    private void assertBothReadingsAgree() throws SQLException {
        try (Session session = Session.open(database(), null);
                RowsInDump rows = RowsInDump.listening()) {
            String snapshot = session.exportSnapshot();
            PgDump.dump(database(), new PgDump.Wanted(snapshot, "UTF8", 0), rows.before(OutputStream.nullOutputStream()),
                    Progress.NONE);
            rows.end();
            DatabaseContents fromDump = Measure.besideDump(database(), snapshot, 1, rows, Progress.NONE).contents();
            assertThat(fromDump).isEqualTo(Measure.database(database(), snapshot, 1, Progress.NONE));
        }
    }

    @Test
    void bothReadingsAgree() throws SQLException {
        assertBothReadingsAgree();
    }

    @Test
    void bothReadingsAgreeWhateverTheDatabasesOwnSettings() throws SQLException {
        List<String> settings = List.of("timezone = 'America/New_York'", "datestyle = 'SQL, DMY'", "intervalstyle = 'iso_8601'",
                "bytea_output = 'escape'", "xmlbinary = 'hex'", "extra_float_digits = 0", "client_encoding = 'LATIN1'");
        for (String setting : settings) {
            postgres.sql("postgres", "alter database \"" + SOURCE + "\" set " + setting);
        }
        try {
            assertBothReadingsAgree();
        } finally {
            postgres.sql("postgres", "alter database \"" + SOURCE + "\" reset all");
        }
    }

    /** Tables that agree were really taken from the dump, and those whose text may differ were not. */
    @Test
    void onlyTablesWithPlainTextAreTakenFromTheDump() throws Exception {
        try (Session session = Session.open(database(), null)) {
            Map<Long, RowsInDump.Rows> rows = dumped(session.exportSnapshot(), OutputStream.nullOutputStream());
            TreeSet<String> read = new TreeSet<>();
            for (Tables.Table table : Tables.list(session)) {
                DatabaseContents.TableContent content = table.in(rows);
                if (content == null) {
                    read.add(table.name());
                } else {
                    assertThat(content).isEqualTo(Tables.measure(session, table, n -> {}));
                }
            }
            assertThat(read).contains("every_type", "generated").doesNotContain(
                    "orders", "child", "grandchild", "no_columns", "dropped_columns", "events_later", "collated", "customers",
                    "table's name, \ttab", "line\nbreak", "long_rows", "in_order", "empty_one", "only_marks");
            assertThat(read).hasSizeLessThan(8);
        }
    }

    @Test
    void anArchiveThatBreaksOffTellsOnlyOfTablesThatWereWhole() throws Exception {
        try (Session session = Session.open(database(), null)) {
            ByteArrayOutputStream archive = new ByteArrayOutputStream();
            Map<Long, RowsInDump.Rows> whole = dumped(session.exportSnapshot(), archive);
            assertThat(whole).isNotEmpty();
            for (int part = 0; part < 50; part++) {
                try (RowsInDump rows = RowsInDump.listening();
                        OutputStream tapped = rows.before(OutputStream.nullOutputStream())) {
                    tapped.write(archive.toByteArray(), 0, (int) ((long) archive.size() * part / 50));
                    rows.end();
                    assertThat(whole.entrySet()).containsAll(rows.await().entrySet());
                    assertThat(rows.await().size()).isLessThan(whole.size());
                }
            }
        }
    }

    @Test
    void theHeadOfTheArchiveFinishesARestoreAsTheWholeArchiveDoes(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        byte[] head;
        try (Session session = Session.open(database(), null);
                ArchiveHead listening = ArchiveHead.listening()) {
            PgDump.dump(database(), new PgDump.Wanted(session.exportSnapshot(), "UTF8", 0), listening.before(archive), Progress.NONE);
            head = listening.await().orElseThrow();
        }
        assertThat(head).hasSizeLessThan(archive.size() / 2);
        List<Measure.Measured> restored = new ArrayList<>();
        for (boolean byHead : List.of(true, false)) {
            postgres.create("finished");
            Database target = postgres.database("finished", "finished");
            PgRestore.restoreData(target, archive::writeTo, 0, Progress.NONE);
            if (byHead) {
                PgRestore.finish(target, Files.write(folder.resolve("head"), head), 2);
            } else {
                PgRestore.finish(target, archive::writeTo);
            }
            restored.add(Measure.databaseWithInventory(target, null, 1, Progress.NONE));
            postgres.drop("finished");
        }
        assertThat(restored.getFirst().contents()).isEqualTo(restored.getLast().contents())
                .isEqualTo(Measure.database(database(), null, 1, Progress.NONE));
        assertThat(restored.getFirst().inventory().differences(restored.getLast().inventory())).isEmpty();
        assertThat(restored.getFirst().inventory().lines("indexes")).isNotEmpty();
    }

    @Test
    void anArchiveOfAnUnknownVersionHasNoHead() throws Exception {
        byte[] unknown = {'P', 'G', 'D', 'M', 'P', 1, 99, 0, 4, 8, 1, 0, 0};
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        try (ArchiveHead head = ArchiveHead.listening(); OutputStream tapped = head.before(passed)) {
            tapped.write(unknown);
            assertThat(head.await()).isEmpty();
        }
        assertThat(passed.toByteArray()).isEqualTo(unknown);
    }
}
