package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.plan.Check;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.proof.PgConnections;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The demo's world, really built: the faults come last, as they damage it. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorldIT {
    @TempDir
    private static Path folder;

    private static Home home;
    private static World world;
    private static boolean databaseTookConnectionsMeanwhile;

    @BeforeAll
    static void build() {
        home = new Home(folder.resolve("demo home"));
        world = World.prepare(home);
        world.build(new StartGate(), () -> databaseTookConnectionsMeanwhile = world.shop().number("select 1") == 1);
    }

    @AfterAll
    static void stop() {
        World.stop(home);
    }

    @Test
    @Order(1)
    void theStandbyStreamsAndReplaysWhatThePrimaryWrites() {
        assertThat(world.standbyLag()).isZero();
        assertThat(world.shop().number("select count(*) from pg_replication_slots where active")).isEqualTo(1);
    }

    @Test
    @Order(1)
    void theShopHoldsSomeHundredThousandRowsAndALargeObject() {
        assertThat(world.shop().number("select count(*) from shop.order_items")).isEqualTo(250_000);
        assertThat(world.shop().number("select length(lo_get(content)) from shop.documents")).isEqualTo(1_048_576);
        assertThat(world.shop().number("select count(*) from shop.order_totals")).isEqualTo(100_000);
        assertThat(databaseTookConnectionsMeanwhile).isTrue();
    }

    @Test
    @Order(1)
    void thePlanHasNoMistakesAndItsChecksPass() throws SQLException {
        RecoveryPlan plan = PlanReader.read(world.places().plan());
        assertThat(plan.offsiteStores()).hasSize(1);
        assertThat(plan.service("shop").approvals().fourEyes()).isTrue();
        try (Connection connection = PgConnections.open(plan.service("shop").database("orders"));
                Statement statement = connection.createStatement()) {
            for (var check : plan.service("shop").checks()) {
                var rows = statement.executeQuery(((Check.Sql) check).sql());
                rows.next();
                assertThat(rows.getBoolean(1)).as(check.name()).isTrue();
            }
        }
    }

    @Test
    @Order(1)
    void secretsAreReadableByTheirOwnerOnly() throws Exception {
        try (var files = Files.list(world.places().secrets())) {
            List<Path> secrets = files.toList();
            assertThat(secrets).hasSize(4);
            for (Path secret : secrets) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))).isEqualTo("rw-------");
            }
        }
    }

    @Test
    @Order(1)
    void theUploadsAreSomeHundredFilesWithALinkAndAnEmptyFile() {
        Measured measured = Measured.of(world.shop(), world.places().uploads());
        assertThat(measured.files()).hasSizeBetween(300, 1000);
        assertThat(measured.files()).containsEntry("newest", "-> invoices/2026/November");
    }

    @Test
    @Order(2)
    void measuringTwiceSeesNoDifferenceAndOneChangedValueIsSeen() {
        Measured before = measure();
        assertThat(before.differences(measure())).isEmpty();
        world.shop().run("update shop.users set full_name = full_name || '.' where id = 17");
        assertThat(before.differences(measure())).containsExactly("shop.users: 20,000 → 20,000 rows");
    }

    @Test
    @Order(3)
    void newOrdersAreOrdersWithItems() {
        Measured before = measure();
        world.shop().placeOrders(25);
        assertThat(before.differences(measure()))
                .containsExactly("shop.order_items: 250,000 → 250,050 rows", "shop.orders: 100,000 → 100,025 rows");
    }

    @Test
    @Order(4)
    void deletedRowsEmptiesTheItemsAndRemovesUploads() {
        Measured before = measure();
        List<String> ran = inflict(Fault.DELETED_ROWS);
        assertThat(ran.getFirst()).contains("DELETE FROM shop.order_items");
        assertThat(ran.getLast()).startsWith("rm -rf ");
        List<String> damage = before.differences(measure());
        assertThat(damage.getFirst()).isEqualTo("shop.order_items: 250,050 → 0 rows");
        assertThat(damage.getLast()).contains("(90 missing, 0 changed, 0 new)");
        assertThat(damage).hasSize(2);
    }

    @Test
    @Order(5)
    void droppedTableTakesTheTableAndTheViewOnIt() {
        Measured before = measure();
        inflict(Fault.DROPPED_TABLE);
        assertThat(before.differences(measure())).containsExactly("shop.order_items is gone (it had 0 rows)");
        assertThat(world.shop().number("select count(*) from pg_views where viewname = 'order_totals'")).isZero();
    }

    @Test
    @Order(6)
    void lostFilesEmptiesTheFolderAndLeavesIt() {
        inflict(Fault.LOST_FILES);
        assertThat(measure().files()).isEmpty();
        assertThat(world.places().uploads()).isEmptyDirectory();
    }

    @Test
    @Order(7)
    void stoppingLeavesNothingRunningAndPreparingAgainStartsFromNothing() {
        assertThat(World.stop(home)).isTrue();
        assertThat(World.stop(home)).isFalse();
        World again = World.prepare(home);
        assertThat(again.places().primary()).doesNotExist();
        assertThat(again.places().plan()).exists();
    }

    private static Measured measure() {
        return Measured.of(world.shop(), world.places().uploads());
    }

    private static List<String> inflict(Fault fault) {
        return new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(fault);
    }
}
