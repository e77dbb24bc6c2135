package io.firedrill.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.ApiException;
import io.firedrill.client.Json;
import io.firedrill.failure.RunningShop.Contents;
import io.firedrill.proof.PgConnections;
import io.firedrill.tool.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Every failure a person may meet, produced for real and followed on one running server: the run names it and says what
 * it means and what to do next, the right person is asked, the answer leads where it says, and database and files are
 * what they were before. First backups, while the shop is well; then recoveries, after half its orders were deleted.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailuresPeopleSeeIT {
    private static final String SHOP = "shop";
    private static final int BACKUPS = 1;
    private static final int RECOVERIES = 2;
    private static final long ROOM_FOR_AN_EMPTY_DATABASE = 9_000_000;

    private static Path folder;
    private static RunningShop shop;
    private static People people;
    private static Contents whole;

    @BeforeAll
    static void aShopWithOneBackup() throws Exception {
        Assumptions.assumeTrue(LocalPostgres.root(), "only root may mount the disks that are to be filled");
        folder = Files.createTempDirectory("firedrill-failures");
        // PostgreSQL runs as another user and must reach the tablespace.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        shop = RunningShop.open(folder);
        people = shop.people();
        whole = shop.contents();
        assertThat(outcome(people.ended(people.backUp("all")))).isEqualTo("done");
    }

    @AfterAll
    static void stop() throws Exception {
        if (shop != null) {
            shop.close();
            try (var all = Files.walk(folder)) {
                all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            }
        }
    }

    @AfterEach
    void nothingIsHalfLeft() {
        shop.mend();
        assertThat(shop.besides()).as("databases and folders beside the service's own").isEmpty();
        assertThat(shop.withoutManifest()).as("half backups").isEmpty();
        assertThat(shop.fenced()).as("fenced").isFalse();
        assertThat(people.openTasks()).isEmpty();
    }

    @Test
    @Order(BACKUPS)
    void backupWithWrongPassword() {
        List<JsonNode> before = people.backups();
        shop.wrongPassword();
        String run = people.backUp("logical");
        people.asked(run, "decide-failed-backup");
        shop.rightPassword();

        tells(run, "Dump database", "wrong-password", "refuses the password of user firedrill", "secrets/orders");
        assertThat(people.backups()).isEqualTo(before);
        people.answer(run, "decide-failed-backup", "retry");
        assertThat(outcome(people.ended(run))).isEqualTo("done");
        assertThat(people.backups()).hasSize(before.size() + 1);
        assertThat(shop.contents()).isEqualTo(whole);
    }

    @Test
    @Order(BACKUPS)
    void backupOfAStoppedServer() {
        List<JsonNode> before = people.backups();
        shop.postgres.server().stop();
        String run = people.backUp("logical");
        people.asked(run, "decide-failed-backup");
        shop.postgres.server().start();

        tells(run, "Dump database", "server-unreachable", "does not answer", "Check that the server runs");
        people.answer(run, "decide-failed-backup", "give-up");
        givenUp(run, before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pg_dump", "pg_restore", "rsync"})
    @Order(BACKUPS)
    void backupWithoutATool(String program) {
        shop.tools.remove(program);
        String run = people.backUp(program.equals("rsync") ? "files" : "logical");
        people.asked(run, "decide-failed-backup");
        shop.tools.putBack(program);

        String step = switch (program) {
            case "pg_dump" -> "Dump database";
            case "pg_restore" -> "Check what was written";
            default -> "Sync files";
        };
        tells(run, step, "missing-tool", "The program " + program + " is not", "then try again");
        people.answer(run, "decide-failed-backup", "retry");
        assertThat(outcome(people.ended(run))).isEqualTo("done");
        assertThat(shop.contents()).isEqualTo(whole);
    }

    @Test
    @Order(BACKUPS)
    void backupByToolsOlderThanTheServer() {
        List<JsonNode> before = people.backups();
        shop.tools.pretendVersion("pg_dump", "14.9");
        String run = people.backUp("logical");
        people.asked(run, "decide-failed-backup");
        shop.tools.putBack("pg_dump");

        tells(run, "Dump database", "tools-too-old", "pg_dump on this host is 14.9", "Install postgresql-client-15");
        people.answer(run, "decide-failed-backup", "give-up");
        givenUp(run, before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logical", "files"})
    @Order(BACKUPS)
    void backupToAFullDisk(String kind) {
        List<JsonNode> before = people.backups();
        shop.local.fillUpTo(0);
        if (kind.equals("files")) {
            // What is unchanged is linked and needs no room.
            writeUpload("new.txt", 500_000);
        }
        String run = people.backUp(kind);
        people.asked(run, "decide-failed-backup");
        tells(run, kind.equals("files") ? "Sync files" : "Dump database", kind.equals("files") ? "target-disk-full" : "store-full",
                "local", "Free space");
        assertThat(shop.withoutManifest()).isEmpty();

        shop.local.free();
        people.answer(run, "decide-failed-backup", "give-up");
        if (kind.equals("files")) {
            removeUpload("new.txt");
        }
        givenUp(run, before);
    }

    @Test
    @Order(BACKUPS)
    void offsiteCopyToAFullDisk() {
        shop.offsite.fillUpTo(0);
        String run = people.backUp("logical");
        JsonNode asked = people.asked(run, "decide-offsite-copy");
        tells(run, "Copy to an offsite store", "store-full", "offsite", "Free space");
        assertThat(shop.withoutManifest()).isEmpty();

        people.answer(run, "decide-offsite-copy", "stay-local");
        assertThat(outcome(people.ended(run))).isEqualTo("done-without-offsite");
        shop.offsite.free();
        JsonNode backup = people.backup(text(asked.path("variables").path("backups").get(0)));
        assertThat(Json.items(backup, "stores")).extracting(copy -> Json.text(copy, "store", "")).containsExactly("local");
    }

    @ParameterizedTest
    @EnumSource(Spoil.class)
    @Order(BACKUPS)
    void backupDamagedBeforeItIsChecked(Spoil spoil) throws Exception {
        Path go = folder.resolve("go-" + spoil);
        shop.tools.holdUntil("rsync", go);
        String run = people.backUp("all");
        String backup = dumped(run);
        spoil.spoil(shop.dump(shop.local, backup));
        Files.createFile(go);
        people.asked(run, "decide-failed-backup");
        shop.tools.putBack("rsync");

        tells(run, "Check what was written", spoil == Spoil.TRUNCATED ? "truncated-object" : "corrupt-object", backup, "backup");
        assertThat(Json.text(people.backup(backup), "state", "")).isEqualTo("quarantined");
        people.answer(run, "decide-failed-backup", "retry");
        assertThat(outcome(people.ended(run))).isEqualTo("done");
        assertThat(shop.contents()).isEqualTo(whole);
    }

    @Test
    @Order(RECOVERIES)
    void recoveryWithWrongPassword() {
        Contents damaged = damage();
        String run = people.recover("orders");
        JsonNode task = people.asked(run, "confirm-diagnosis");
        Failure refused = people.refused(task, "confirm", "strategy", "restore-databases", "damageBegan", "half past nine");
        assertThat(refused.code()).isEqualTo("bad-form");
        assertThat(refused.what()).contains("'damageBegan'", "2026-11-23T08:45:00Z");

        shop.wrongPassword();
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-databases");
        people.asked(run, "decide-failed-step");
        shop.rightPassword();
        tells(run, "Select the newest unaffected backup", "wrong-password", "refuses the password", "secrets/orders");
        people.answer(run, "decide-failed-step", "stop");
        assertThat(outcome(people.ended(run))).isEqualTo("stopped");
        assertThat(shop.contents()).isEqualTo(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void recoveryOnAStoppedServer() {
        Contents damaged = damage();
        shop.postgres.server().stop();
        String run = people.recover("orders");
        JsonNode diagnosed = people.asked(run, "confirm-diagnosis");
        assertThat(Json.text(diagnosed.path("variables").path("diagnosis"), "strategy", "")).isEqualTo("mend-by-hand");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-databases");
        people.asked(run, "decide-failed-step");
        tells(run, "Select the newest unaffected backup", "server-unreachable", "does not answer", "Check that the server runs");

        shop.postgres.server().start();
        people.answer(run, "decide-failed-step", "try-again");
        people.answer(run, "approve-restore", "reject");
        assertThat(outcome(people.ended(run))).isEqualTo("rejected");
        assertThat(shop.contents()).isEqualTo(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void everyBadCopyIsNamedAndTheNextOneProposedUntilOneIsProven() throws Exception {
        Contents damaged = damage();
        String run = people.recover("orders");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-databases");
        JsonNode first = target(people.asked(run, "approve-restore"));
        String newest = Json.text(first, "backup", "");
        assertThat(Json.text(first, "store", "")).isEqualTo("local");
        Spoil.FLIPPED_BYTE.spoil(shop.dump(shop.local, newest));
        people.answer(run, "approve-restore", "approve");
        assertThat(restoreFailure(people.asked(run, "decide-failed-restore")).code()).isEqualTo("corrupt-object");
        tellsStep(run, "Restore the database beside the damaged one", newest);
        assertThat(shop.databaseContentsBehindFence()).isEqualTo(damaged.database());

        people.answer(run, "decide-failed-restore", "next-backup");
        JsonNode second = target(people.asked(run, "approve-restore"));
        assertThat(Json.text(second, "backup", "")).isEqualTo(newest);
        assertThat(Json.text(second, "store", "")).isEqualTo("offsite");
        Spoil.TRUNCATED.spoil(shop.dump(shop.offsite, newest));
        people.answer(run, "approve-restore", "approve");
        assertThat(restoreFailure(people.asked(run, "decide-failed-restore")).code()).isEqualTo("truncated-object");

        people.answer(run, "decide-failed-restore", "next-backup");
        assertThat(Json.text(target(people.asked(run, "approve-restore")), "backup", "")).isLessThan(newest);
        people.answer(run, "approve-restore", "approve");
        people.analyse(run);
        assertThat(outcome(people.ended(run))).isEqualTo("proven");
        recovered(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void lostRowsComeBackWhileTheServiceGoesOnAndUndoTakesThemOutAgain() throws Exception {
        Contents damaged = damage();
        shop.postgres.sql(SHOP, "insert into orders values (40001, 1, 'newer')", "update orders set note = 'changed since' where id = 3");
        assertThat(Json.texts(people.dryRun("orders:public.orders"), "text")).anySatisfy(line -> assertThat(line).contains("15,001 rows now", "30,000 in the backup"));
        try (Connection customer = PgConnections.open(shop.postgres.database("orders", SHOP))) {
            String run = people.recover("orders:public.orders");
            JsonNode diagnosed = people.asked(run, "confirm-diagnosis");
            assertThat(Json.items(diagnosed.path("variables").path("evidence"), "ways")).extracting(way -> Json.text(way, "strategy", ""))
                    .contains("restore-databases", "restore-tables");
            people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-tables");
            JsonNode approval = people.asked(run, "approve-restore");
            JsonNode change = approval.path("variables").path("restorePlan").path("tables").get(0).path("changes").get(0);
            assertThat(List.of(Json.number(change, "missing"), Json.number(change, "conflicts"), Json.number(change, "newer"))).containsExactly(15_000L, 1L, 1L);
            assertThat(Json.text(change.path("examples").get(0), "key", "")).isEqualTo("id=3");
            people.answer(run, "approve-restore", "approve", "conflicts", "keep-live");
            people.asked(run, "write-analysis");
            assertThat(customer.createStatement().executeQuery("select count(*) from orders").next()).as("never locked out").isTrue();
            assertThat(shop.postgres.value(SHOP, "select count(*) filter (where note = 'changed since') || ' of ' || count(*) from orders"))
                    .isEqualTo("1 of 30001");

            String undo = people.undo(Json.text(people.run(run), "incident", ""));
            people.answer(undo, "approve-undo", "approve");
            assertThat(outcome(people.ended(undo))).isEqualTo("undone");
            people.analyse(run);
            assertThat(outcome(people.ended(run))).isEqualTo("proven");
        }
        shop.postgres.sql(SHOP, "delete from orders where id = 40001");
        assertThat(shop.postgres.value(SHOP, "select count(*) from orders")).isEqualTo("15000");
        shop.postgres.sql(SHOP, "update orders set note = md5('3') || md5('6') || md5('9') where id = 3",
                "do $$ begin execute (select format('drop schema %I cascade', nspname) from pg_namespace where nspname like 'firedrill%'); end $$");
        assertThat(shop.contents().database().tables()).isEqualTo(damaged.database().tables());
        shop.postgres.sql(SHOP, "insert into orders select i, 1 + i % 2000, md5(i::text) || md5((2 * i)::text) || md5((3 * i)::text)"
                + " from generate_series(2, 30000, 2) i");
        assertThat(shop.contents().database().tables()).isEqualTo(whole.database().tables());
    }

    @Test
    @Order(RECOVERIES)
    void recoveryWithoutATool() {
        Contents damaged = damage();
        shop.tools.remove("rsync");
        String run = people.recover("orders", "uploads");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-all");
        people.asked(run, "decide-failed-step");
        tells(run, "Select the newest unaffected backup", "missing-tool", "The program rsync is not installed", "apt-get install rsync");

        shop.tools.putBack("rsync");
        people.answer(run, "decide-failed-step", "try-again");
        people.asked(run, "approve-restore");
        shop.tools.remove("pg_restore");
        people.answer(run, "approve-restore", "approve");
        Failure failure = restoreFailure(people.asked(run, "decide-failed-restore"));
        shop.tools.putBack("pg_restore");
        assertThat(failure.code()).isEqualTo("missing-tool");
        assertThat(failure.what()).contains("pg_restore");
        tellsStep(run, "Restore the database beside the damaged one", "The program pg_restore is not in");
        people.answer(run, "decide-failed-restore", "try-again");
        people.analyse(run);
        assertThat(outcome(people.ended(run))).isEqualTo("proven");
        recovered(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void recoveryByToolsOlderThanTheBackup() {
        Contents damaged = damage();
        shop.tools.pretendVersion("pg_restore", "14.9");
        String run = people.recover("orders");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-databases");
        people.asked(run, "decide-failed-step");
        tells(run, "Select the newest unaffected backup", "tools-too-old", "pg_restore on this host is 14.9",
                "Install postgresql-client-15");

        shop.tools.putBack("pg_restore");
        people.answer(run, "decide-failed-step", "try-again");
        people.asked(run, "approve-restore");
        shop.tools.pretendVersion("pg_restore", "14.9");
        people.answer(run, "approve-restore", "approve");
        Failure failure = restoreFailure(people.asked(run, "decide-failed-restore"));
        assertThat(failure.code()).isEqualTo("tools-too-old");
        shop.tools.putBack("pg_restore");
        people.answer(run, "decide-failed-restore", "stop");
        assertThat(outcome(people.ended(run))).isEqualTo("stopped");
        assertThat(shop.contents()).isEqualTo(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void recoveryOnAFullDisk() {
        Contents damaged = damage();
        shop.data.fillUpTo(0);
        String run = people.recover("orders", "uploads");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-all");
        people.asked(run, "decide-failed-step");
        tells(run, "Select the newest unaffected backup", "target-disk-full", "free", "Free space");

        shop.data.free();
        people.answer(run, "decide-failed-step", "try-again");
        people.asked(run, "approve-restore");
        shop.data.fillUpTo(ROOM_FOR_AN_EMPTY_DATABASE);
        people.answer(run, "approve-restore", "approve");
        Failure failure = restoreFailure(people.asked(run, "decide-failed-restore"));
        assertThat(failure.code()).isEqualTo("target-disk-full");
        assertThat(failure.what()).contains("No space left on device");
        tellsStep(run, "Restore the database beside the damaged one", "No space left on device");
        people.answer(run, "decide-failed-restore", "stop");
        assertThat(outcome(people.ended(run))).isEqualTo("stopped");
        shop.data.free();
        assertThat(shop.contents()).isEqualTo(damaged);
    }

    @Test
    @Order(RECOVERIES)
    void filesRestoreOnAFullDisk() {
        Contents before = shop.contents();
        String run = people.recover("uploads");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-files");
        people.asked(run, "approve-restore");
        shop.data.fillUpTo(200_000);
        people.answer(run, "approve-restore", "approve");
        Failure failure = restoreFailure(people.asked(run, "decide-failed-restore"));
        assertThat(failure.code()).isEqualTo("target-disk-full");
        tellsStep(run, "Restore the files beside the damaged ones", "No space left on device");
        people.answer(run, "decide-failed-restore", "stop");
        assertThat(outcome(people.ended(run))).isEqualTo("stopped");
        shop.data.free();
        assertThat(shop.contents()).isEqualTo(before);
    }

    @Test
    @Order(RECOVERIES)
    void recoveryToAMomentThatIsNone() {
        Failure refused = people.refusedRecovery("half past nine");
        assertThat(refused.code()).isEqualTo("unknown-restore-point");
        assertThat(refused.what()).contains("half past nine");
        assertThat(refused.next()).contains("2026-11-23T08:45:12Z");
    }

    @Test
    @Order(RECOVERIES)
    void serverStopsOnTheWayOut() {
        Contents damaged = damage();
        String run = people.recover("orders");
        people.answer(run, "confirm-diagnosis", "confirm", "strategy", "restore-databases");
        people.asked(run, "approve-restore");
        shop.tools.remove("pg_restore");
        people.answer(run, "approve-restore", "approve");
        people.asked(run, "decide-failed-restore");
        shop.postgres.server().stop();
        people.answer(run, "decide-failed-restore", "stop");

        people.asked(run, "decide-failed-step");
        tells(run, "Discard what was restored", "server-unreachable", "does not answer", "Check that the server runs");
        shop.postgres.server().start();
        people.answer(run, "decide-failed-step", "try-again");
        assertThat(outcome(people.ended(run))).isEqualTo("stopped");
        assertThat(shop.contents()).isEqualTo(damaged);
    }

    /** Half the orders go, as a wrong statement would have it. Calling it again changes nothing. */
    private static Contents damage() {
        shop.deleteOrders();
        Contents damaged = shop.contents();
        assertThat(damaged.database()).isNotEqualTo(whole.database());
        assertThat(damaged.files()).isEqualTo(whole.files());
        return damaged;
    }

    private static void givenUp(String run, List<JsonNode> before) {
        assertThat(outcome(people.ended(run))).isEqualTo("failed");
        assertThat(people.backups()).as("no half backup is shown").isEqualTo(before);
        assertThat(shop.contents()).isEqualTo(whole);
    }

    /** All is back, and the damaged database is kept as it was. */
    private static void recovered(Contents damaged) {
        assertThat(shop.contents().database().tables()).isEqualTo(whole.database().tables());
        assertThat(shop.contents().files()).isEqualTo(whole.files());
        assertThat(shop.besides()).isNotEmpty().allSatisfy(name -> assertThat(name).contains("_set_aside_"));
        assertThat(shop.setAsideContents().tables()).isEqualTo(damaged.database().tables());
        shop.dropSetAside();
    }

    /** What {@code run ID} prints of a failed step. */
    private static void tells(String run, String step, String code, String what, String next) {
        JsonNode variables = people.run(run).path("variables");
        assertThat(Json.text(variables, "failedStep", "")).isEqualTo(step);
        Failure failure = failure(variables.path("failure"));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.what()).contains(what);
        assertThat(failure.next()).contains(next);
        tellsStep(run, step, failure.what());
    }

    /** A step that failed says why, in the list of steps. */
    private static void tellsStep(String run, String step, String why) {
        assertThat(steps(run))
                .filteredOn(seen -> Json.text(seen, "name", "").equals(step) && Json.text(seen, "state", "").equals("failed"))
                .extracting(seen -> Json.text(seen, "summary", ""))
                .anySatisfy(summary -> assertThat(summary).contains(why));
    }

    private static List<JsonNode> steps(String run) {
        return StreamSupport.stream(people.run(run).path("steps").spliterator(), false).toList();
    }

    /** The first failure of the parts that were restored, as the person who decides sees it. */
    private static Failure restoreFailure(JsonNode task) {
        return java.util.stream.Stream.of("restoredDatabases", "restoredFiles")
                .flatMap(list -> Json.items(task.path("variables"), list).stream())
                .map(result -> result.path("failure"))
                .filter(JsonNode::isObject)
                .map(FailuresPeopleSeeIT::failure)
                .findFirst()
                .orElseThrow();
    }

    private static Failure failure(JsonNode node) {
        Failure failure = new Failure(
                Json.text(node, "code", ""), Json.text(node, "what", ""), Json.text(node, "meaning", ""), Json.text(node, "next", ""));
        assertThat(List.of(failure.code(), failure.what(), failure.meaning(), failure.next())).doesNotContain("");
        return failure;
    }

    private static JsonNode target(JsonNode approval) {
        return approval.path("variables").path("restorePlan").path("databases").get(0);
    }

    /** The id of the run's dump, as soon as it is done. */
    private static String dumped(String run) {
        // The history is a moment behind the engine: a run that was just started is not known yet.
        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreException(ApiException.class).until(() -> steps(run).stream().anyMatch(step ->
                Json.text(step, "name", "").equals("Dump database") && Json.text(step, "state", "").equals("done")));
        return people.backups().stream().map(backup -> Json.text(backup, "id", ""))
                .filter(id -> id.contains("-logical-")).max(String::compareTo).orElseThrow();
    }

    private static void writeUpload(String name, int length) {
        try {
            Files.writeString(shop.uploads().resolve(name), "x".repeat(length));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void removeUpload(String name) {
        try {
            Files.delete(shop.uploads().resolve(name));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String outcome(JsonNode run) {
        return Json.text(run, "outcome", "");
    }

    private static String text(JsonNode node) {
        return node.stringValue("");
    }
}
