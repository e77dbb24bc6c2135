package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.FailureException;
import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.proof.Measure;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.TablesTarget;
import io.firedrill.recovery.surgical.PutBack;
import io.firedrill.recovery.surgical.PutBackTable;
import io.firedrill.recovery.surgical.TableChange;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lost rows and dropped tables put back into a database that goes on serving: an awkward schema, a real server. */
class TablesRecoveryIT {
    private static final String DB = "awkward shop";
    private static final String SIDE = "firedrill_20261123_084512";
    private static final String ODD = "\"Odd \"\"schema\"\"\".\"Odd, table's name\"";
    private static final PutBack.Wish KEEP_LIVE = new PutBack.Wish(false, false);
    private static final PutBack.Wish TAKE_BACKUP = new PutBack.Wish(true, false);
    private static final PutBack.Wish AS_IT_WAS = new PutBack.Wish(false, true);

    private static final String AS_DUMPED = "awkward shop as dumped";

    private static final ThrowawayPostgres postgres = ThrowawayPostgres.shared();

    @TempDir
    private static Path folder;

    private static Scene scene;

    @BeforeAll
    static void shop() throws Exception {
        scene = new Scene(postgres, folder, DB);
        postgres.script(DB, "/io/firedrill/recovery/awkward.sql");
        scene.dump();
        postgres.drop(AS_DUMPED);
        postgres.sql("postgres", "alter database \"%s\" rename to \"%s\"".formatted(DB, AS_DUMPED));
    }

    @AfterAll
    static void end() {
        scene.close();
        postgres.drop(AS_DUMPED);
    }

    @BeforeEach
    void asDumped() {
        postgres.drop(DB);
        postgres.sql("postgres", "create database \"%s\" template \"%s\"".formatted(DB, AS_DUMPED));
    }

    private RestorePlan compared(String... only) {
        RestorePlan plan = selected(only);
        plan.tables().forEach(target -> {
            scene.recovery.restoreDatabase(SERVICE, target.copy(), Progress.NONE);
            assertThat(scene.recovery.proveDatabase(SERVICE, target.copy(), Progress.NONE).differences()).isEmpty();
        });
        return scene.recovery.compareTables(SERVICE, plan, Progress.NONE);
    }

    private RestorePlan selected(String... only) {
        var evidence = scene.diagnose();
        Scope scope = scene.recovery.scope(SERVICE, "restore-tables", only.length == 0 ? null : List.of(only), evidence);
        return scene.recovery.select(SelectRequest.of(scope, SERVICE, INCIDENT, "latest", null, List.of(), evidence));
    }

    private List<PutBackTable> putBack(RestorePlan plan, PutBack.Wish wish) {
        return scene.recovery.cutOver(SERVICE, INCIDENT, plan, wish, Progress.NONE).tables().stream().map(Recovery.TableBack::done).toList();
    }

    private static TableChange change(RestorePlan plan, String table) {
        return plan.tables().stream().map(TablesTarget::changes).flatMap(List::stream)
                .filter(change -> change.table().equals(table)).findFirst().orElseThrow();
    }

    /** Rows of every table but those kept for undo, order-independent. */
    private List<TableContent> contents() {
        return Measure.database(scene.db, null, 2, Progress.NONE).tables().stream()
                .filter(table -> !table.schema().startsWith("firedrill_"))
                .toList();
    }

    private String value(String sql) {
        return postgres.value(DB, sql);
    }

    @Test
    void lostRowsComeBackEverywhereAndNewerDataStays() {
        List<TableContent> before = contents();
        postgres.sql(DB, "set session_replication_role = replica", "delete from shop.customers where id <= 150", "delete from shop.orders where id > 100",
                "delete from shop.order_items where \"order\" > 100", "delete from shop.heads", "delete from shop.departments",
                "delete from shop.events where id % 2 = 0", "delete from " + ODD + " where \"a key\" like 'k''1%'",
                "delete from shop.logs where at = 3", "delete from shop.scans where id < 4", "delete from shop.secrets where id <= 20",
                "select lo_unlink(oid) from pg_largeobject_metadata where oid not in (select picture from shop.scans)");
        RestorePlan plan = compared("shop.customers", "shop.orders", "order_items", "heads", "departments", "shop.events", "Odd, table's name",
                "logs", "scans", "orders:shop.secrets");
        assertThat(plan.onlyTables()).isTrue();
        assertThat(plan.tables()).singleElement().satisfies(target -> assertThat(target.changes()).hasSize(10)
                .allSatisfy(change -> assertThat(change.conflicts()).isZero()));
        assertThat(change(plan, "order_items").key()).containsExactly("order", "line \"no\"");
        assertThat(change(plan, "logs").notes()).anySatisfy(note -> assertThat(note).contains("no primary or unique key"));
        assertThat(change(plan, "customers").notes()).anySatisfy(note -> assertThat(note).contains("audited"));
        long audited = Long.parseLong(value("select count(*) from shop.audit"));

        postgres.sql(DB, "insert into shop.customers (email, name) values ('new@example.org', 'new')");
        List<PutBackTable> done = putBack(plan, KEEP_LIVE);
        assertThat(done).extracting(PutBackTable::inserted).containsExactly(150L, 900L, 2700L, 20L, 20L, 200L, 11L, 10L, 3L, 20L);
        assertThat(value("select count(*) from shop.audit")).isEqualTo(String.valueOf(audited + 1));
        assertThat(value("select name from shop.customers where email = 'new@example.org'")).isEqualTo("new");
        assertThat(value("select sum(length(lo_get(picture))) from shop.scans")).isEqualTo("225000");
        postgres.sql(DB, "delete from shop.customers where email = 'new@example.org'", "truncate shop.audit",
                "insert into shop.orders (customer) values (1)", "delete from shop.orders where id = currval('shop.orders_id_seq')");
        assertThat(contents()).isEqualTo(before);
        assertThat(postgres.column("postgres", "select datname from pg_database where datname like '%restoring%'")).isEmpty();
    }

    @Test
    void rowsThatDifferAreListedByTheirKeysAndStayUnlessAPersonTakesTheBackups() {
        postgres.sql(DB, "update shop.orders set note = 'changed since', state = 'paid' where id in (7, 8)", "delete from shop.orders where id > 900");
        RestorePlan plan = compared("shop.orders", "shop.order_items");
        TableChange orders = change(plan, "orders");
        assertThat(orders.conflicts()).isEqualTo(2);
        assertThat(orders.missing()).isEqualTo(100);
        assertThat(orders.examples()).containsExactly(
                new TableChange.Conflict("id=7", "differs in state, note"), new TableChange.Conflict("id=8", "differs in state, note"));
        assertThat(RestorePlanText.of(plan)).anySatisfy(line -> assertThat(line).contains("2 rows are in both and differ"))
                .anySatisfy(line -> assertThat(line).contains("service stays up"));

        assertThat(putBack(plan, TAKE_BACKUP).getFirst()).satisfies(done -> {
            assertThat(done.overwritten()).isEqualTo(2);
            assertThat(done.inserted()).isEqualTo(100);
        });
        assertThat(value("select count(*) from shop.orders where note = 'changed since'")).isEqualTo("0");
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(value("select count(*) from shop.orders where note = 'changed since' and state = 'paid'")).isEqualTo("2");
        assertThat(value("select count(*) from shop.orders")).isEqualTo("900");
        assertThat(value("select count(*) from shop.order_items")).isEqualTo("2700");
    }

    @Test
    void aRowWrittenSinceUnderTheSameKeyOrUniqueValueStandsAndTheBackupsIsKeptBeside() {
        postgres.sql(DB, "set session_replication_role = replica", "delete from shop.customers where id in (10, 11, 12)");
        postgres.sql(DB, "insert into shop.customers (email, name) values ('c10@example.org', 'signed up again')");
        RestorePlan plan = compared("customers");
        assertThat(change(plan, "customers").blocked()).isEqualTo(1);
        assertThat(change(plan, "customers").examples()).extracting(TableChange.Conflict::key).containsExactly("id=10");
        postgres.sql(DB, "insert into shop.customers (id, email, name) overriding system value values (11, 'eleven@example.org', 'meanwhile')");

        // 11 was invited by 10, which stays out.
        FailureException broken = assertFails("foreign-keys-broken", () -> putBack(plan, KEEP_LIVE));
        assertThat(broken.failure().what()).contains("shop.customers");
        assertThat(value("select count(*) from pg_namespace where nspname like 'firedrill%'")).isEqualTo("0");
        postgres.sql(DB, "update shop.customers set invited_by = null where id = 13",
                "insert into shop.customers (id, email) overriding system value values (10, 'ten@example.org')");
        assertThat(putBack(plan, KEEP_LIVE)).singleElement().satisfies(done -> {
            assertThat(done.inserted()).isEqualTo(1);
            assertThat(done.leftOut()).isEqualTo(2);
        });
        assertThat(value("select name from shop.customers where id = 11")).isEqualTo("meanwhile");
        assertThat(value("select id from %s.left_out_0".formatted(SIDE))).isEqualTo("11");
        assertThat(value("select id from %s.blocked_0".formatted(SIDE))).isEqualTo("10");
    }

    @Test
    void parentsThatAreGoneAreToldAndNothingIsPutBackWithoutThem() {
        postgres.sql(DB, "delete from shop.orders where id <= 40");
        RestorePlan plan = compared("order_items");
        FailureException broken = assertFails("foreign-keys-broken", () -> putBack(plan, KEEP_LIVE));
        assertThat(broken.failure().what()).contains("120 rows of shop.order_items refer to rows of shop.orders");
        assertThat(value("select count(*) from shop.order_items")).isEqualTo("2880");
        postgres.sql(DB, "insert into shop.customers (email) select 'n' || g from generate_series(1, 3) g");
        List<Evidence.Way> ways = scene.recovery.weigh(SERVICE, scene.diagnose()).ways();
        assertThat(ways).extracting(Evidence.Way::strategy).containsExactly("restore-tables", "restore-databases", "mend-by-hand");
        assertThat(ways.get(0).loses()).startsWith("No newer row");
        assertThat(ways.get(1).loses()).as("three customers, and what the trigger wrote").endsWith("Newer rows: 6 in orders.");
        RestorePlan both = compared();
        assertThat(both.tables().getFirst().changes()).extracting(TableChange::table).contains("orders");
    }

    @Test
    void droppedTablesComeBackCompleteWithWhatReferredToThem() {
        List<TableContent> before = contents();
        List<String> definitions = inventory();
        postgres.sql(DB, "drop table shop.orders cascade", "drop table shop.events", "drop table shop.heads, shop.departments cascade",
                "drop schema \"Odd \"\"schema\"\"\" cascade", "insert into shop.customers (email) values ('later@example.org')");
        RestorePlan plan = compared();
        assertThat(plan.tables().getFirst().changes()).extracting(TableChange::mode).containsOnly("whole-table");
        assertThat(plan.tables().getFirst().changes()).extracting(TableChange::table)
                .containsExactlyInAnyOrder("orders", "events", "heads", "departments", "Odd, table's name");
        assertThat(change(plan, "orders").notes()).anySatisfy(note -> assertThat(note).contains("shop.paid", "shop.paid_items"))
                .anySatisfy(note -> assertThat(note).contains("order_items"));

        assertThat(putBack(plan, KEEP_LIVE)).hasSize(5);
        assertThat(putBack(plan, KEEP_LIVE)).as("told again, not done again").hasSize(5);
        assertThat(value("select count(*) from shop.customers where email = 'later@example.org'")).isEqualTo("1");
        assertThat(value("select nextval('shop.orders_id_seq')")).isEqualTo("1001");
        postgres.sql(DB, "delete from shop.customers where email = 'later@example.org'");
        assertThat(contents()).filteredOn(table -> !table.table().equals("audit")).isEqualTo(
                before.stream().filter(table -> !table.table().equals("audit")).toList());
        postgres.sql(DB, "create view shop.paid as select * from shop.orders where state = 'paid'",
                "create view shop.paid_items as select i.* from shop.order_items i join shop.paid p on p.id = i.\"order\"");
        assertThat(inventory()).isEqualTo(definitions);

        postgres.sql(DB, "drop view shop.paid cascade");
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(value("select to_regclass('shop.orders') is null and to_regclass('shop.events_2026') is null")).isEqualTo("t");
        assertThat(value("select count(*) from %s_%d.orders".formatted(SIDE, number(plan, "orders")))).isEqualTo("1000");
    }

    private static int number(RestorePlan plan, String table) {
        return plan.tables().getFirst().changes().indexOf(change(plan, table));
    }

    /** Columns, keys, indexes, owners and grants of the shop's own schemas, a line each. */
    private List<String> inventory() {
        return Stream.of("select format('%s %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated) from pg_constraint where conrelid <> 0",
                        "select indexdef from pg_indexes",
                        "select format('%s %s %s', c.oid::regclass, relowner::regrole, relacl) from pg_class c where relkind in ('r', 'p', 'S', 'v')",
                        "select format('%s %s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attidentity) from pg_attribute join pg_class c on c.oid = attrelid where attnum > 0 and relkind in ('r', 'p')")
                .flatMap(sql -> postgres.column(DB, "select l from (%s) x(l) where l ~ 'shop\\.|Odd' and l !~ 'firedrill_' order by 1".formatted(sql)).stream())
                .toList();
    }

    @Test
    void onePartitionComesBackIntoItsLivingParent() {
        List<TableContent> before = contents();
        postgres.sql(DB, "drop table shop.events_2026");
        RestorePlan plan = compared("events_2026");
        putBack(plan, KEEP_LIVE);
        assertThat(contents()).isEqualTo(before);
        assertThat(value("select count(*) from pg_partition_tree('shop.events')")).isEqualTo("3");
        assertThat(value("select count(*) from pg_index i join pg_inherits h on h.inhrelid = i.indexrelid where indrelid = 'shop.events_2026'::regclass")).isEqualTo("2");
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(value("select to_regclass('shop.events_2026') is null")).isEqualTo("t");
    }

    @Test
    void undoTakesOutExactlyWhatWasPutInUnlessItChangedSince() {
        postgres.sql(DB, "delete from shop.order_items where \"order\" <= 10", "delete from shop.logs where at = 3");
        List<TableContent> damaged = contents();
        RestorePlan plan = compared("order_items", "logs");
        putBack(plan, KEEP_LIVE);
        postgres.sql(DB, "update shop.order_items set price = 0 where \"order\" = 3 and \"line \"\"no\"\"\" = 2");
        FailureException changed = assertFails("rows-changed-since", () -> scene.recovery.swapBack(SERVICE, INCIDENT, plan));
        assertThat(changed.failure().what()).contains("1 rows of shop.order_items (order=3, line \"no\"=2)");
        postgres.sql(DB, "update shop.order_items set price = 4.5 where \"order\" = 3 and \"line \"\"no\"\"\" = 2");
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(contents()).isEqualTo(damaged);
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(contents()).isEqualTo(damaged);
    }

    @Test
    void aTableCanBecomeAsItWasWhenAPersonWantsThat() {
        List<TableContent> before = contents();
        postgres.sql(DB, "update shop.orders set note = null where id < 10", "delete from shop.order_items where \"order\" > 990",
                "delete from shop.orders where id > 990", "insert into shop.orders (customer, note) values (1, 'newer')");
        List<TableContent> damaged = contents();
        RestorePlan plan = compared("shop.orders", "order_items");
        assertThat(change(plan, "orders").newer()).isEqualTo(1);
        assertThat(putBack(plan, AS_IT_WAS).getFirst()).satisfies(done -> {
            assertThat(done.removed()).isEqualTo(1);
            assertThat(done.overwritten()).isEqualTo(9);
        });
        assertThat(contents()).isEqualTo(before);
        scene.recovery.swapBack(SERVICE, INCIDENT, plan);
        assertThat(contents()).isEqualTo(damaged);
    }

    @Test
    void namesNobodyKnowsAreRefusedWithTheChoicesAndTheDryRunTellsWhatCountsTell() {
        FailureException unknown = assertFails("unknown-table", () -> scene.recovery.requireKnown(SERVICE, List.of("shop.order")));
        assertThat(unknown.failure().next()).contains("orders", "uploads", "shop.order_items");
        assertThat(assertFails("unknown-table", () -> scene.recovery.requireKnown(SERVICE, List.of("orders:nothing"))).failure().next())
                .contains("shop.orders").doesNotContain("uploads");
        postgres.sql(DB, "create schema other", "create table other.order_items (id int)");
        assertThat(assertFails("ambiguous-table", () -> scene.recovery.requireKnown(SERVICE, List.of("order_items"))).failure().next())
                .contains("orders:shop.order_items", "orders:other.order_items");

        postgres.sql(DB, "delete from shop.order_items where \"order\" > 900");
        RestorePlan plan = selected("shop.order_items");
        assertThat(RestorePlanText.of(plan)).anySatisfy(line ->
                assertThat(line).contains("2,700 rows now and 3,000 in the backup: 300 or more are missing"));
        assertThat(plan.databases()).isEmpty();
        assertThat(scene.recovery.fence(SERVICE, INCIDENT, plan).sessionsEnded()).isZero();
    }
}
