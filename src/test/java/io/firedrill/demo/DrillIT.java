package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.Api;
import io.firedrill.client.ApiException;
import io.firedrill.client.Connections;
import io.firedrill.client.Json;
import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Command;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Drills of the demo's service, through the real server and engine; the last one's backup is spoilt offsite. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrillIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path folder;

    private static Home home;
    private static World world;
    private static Measured before;

    @BeforeAll
    static void aServiceWithABackup() {
        home = new Home(folder.resolve("home"));
        world = World.prepare(home);
        world.build(new StartGate(), () -> {});
        up();
        await(start("/backups", "kind", "all"), run -> Json.text(run, "state", "").equals("done"));
        before = Measured.of(world.shop(), world.places().uploads());
    }

    @AfterAll
    static void stop() {
        new ServerProcess(home).stop();
        World.stop(home);
    }

    @Test
    @Order(1)
    void everythingIsProvenFromOffsiteScoredAndTornDown() throws Exception {
        JsonNode run = await(drill(), DrillIT::ended);
        JsonNode result = run.path("variables").path("drillResult");

        assertThat(Json.text(run, "outcome", "")).as(run.toString()).isEqualTo("proven");
        assertThat(Json.flag(result, "proven")).isTrue();
        assertThat(Json.flag(result, "objectivesMet")).isTrue();
        assertThat(Json.decimal(result, "rtoSeconds")).isPositive();
        assertThat(Json.decimal(result, "rpoSeconds")).isPositive();
        assertThat(Json.number(result, "tables")).isPositive();
        assertThat(Json.number(result, "files")).isPositive();
        JsonNode plan = run.path("variables").path("restorePlan");
        assertThat(items(plan, "databases", "fileSets").map(target -> Json.text(target, "store", ""))).hasSize(2).containsOnly("offsite");
        assertThat(names(run)).contains("Restore the database beside the damaged one", "Prove it equals the backup");
        assertThat(items(run.path("variables").path("score"), "checks")).isNotEmpty().allMatch(check -> Json.flag(check, "passed"));
        assertUntouched();
        assertEvidence(Path.of(Json.text(run.path("variables"), "evidencePath", "")));

        JsonNode shown = api().get("/status").path("plan").path("services").path(0).path("lastDrill");
        assertThat(Json.text(shown, "outcome", "")).isEqualTo("proven");
        assertThat(Json.text(shown, "run", "")).isEqualTo(Json.text(run, "id", ""));
    }

    private static void assertEvidence(Path pack) throws IOException {
        Command.Result<String> sums = Command.of("sha256sum", "--check", "SHA256SUMS").withDirectory(pack).run();
        assertThat(sums.exit()).as(sums.stderr()).isZero();
        assertThat(sums.value()).contains("report.md: OK", "report.html: OK", "report.pdf: OK", "run.json: OK").contains("manifests/shop-orders-logical-");
        assertThat(pack.resolve("report.md")).content()
                .contains("Proven, objectives met", "Time to recover", "Data lost", "Prove it equals the backup", "Not rehearsed");
        assertThat(pack.resolveSibling(pack.getFileName() + ".zip")).isRegularFile();
        assertThat(api().getText("/reports/" + pack.getFileName() + "?format=html")).startsWith("<!doctype html>");
    }

    @Test
    @Order(2)
    void aDryRunPlansARecoveryByWhatTheDrillMeasuredAndStartsNothing() {
        JsonNode would = api().post("/recoveries?dryRun=true", Json.object().put("service", "shop")
                .set("only", Json.tree(List.of("orders"))));
        assertThat(would.path("restorePlan").path("estimatedFrom").stringValue()).contains("DRILL-");
        assertThat(items(would.path("restorePlan"), "preflights")).hasSize(1)
                .allMatch(one -> Json.number(one, "freeBytes") > Json.number(one, "neededBytes"));
        assertThat(Json.texts(would, "text")).anyMatch(line -> line.startsWith("orders: from shop-orders-logical-"));
        assertThat(items(api().get("/runs?process=disaster-recovery"), "runs")).isEmpty();
        assertUntouched();
    }

    @Test
    @Order(3)
    void aServerKilledInTheMiddleGoesOnWithTheSameDrill() throws Exception {
        String run = drill();
        await(run, seen -> items(seen, "steps").anyMatch(step ->
                Json.text(step, "name", "").startsWith("Restore the database") && Json.text(step, "state", "").equals("active")));
        ProcessHandle server = RunningServer.in(home).orElseThrow().process();
        server.destroyForcibly();
        server.onExit().join();
        up();
        JsonNode ended = await(run, DrillIT::ended);
        assertThat(Json.text(ended, "outcome", "")).as(ended.toString()).isEqualTo("proven");
        assertUntouched();
    }

    @Test
    @Order(4)
    void aDrillThatCannotBeProvenIsTornDownAndWaitsForAPerson() throws Exception {
        spoilOffsite();
        String run = drill();
        JsonNode waiting = await(run, seen -> Json.text(seen, "state", "").equals("waiting"));
        assertThat(Json.text(waiting, "outcome", "")).isEqualTo("failed");
        JsonNode failure = waiting.path("variables").path("drillResult").path("failure");
        assertThat(Json.text(failure, "code", "")).isEqualTo("corrupt-object");
        assertThat(names(waiting)).contains("Notify", "Review the failed drill");
        assertUntouched();
        assertThat(Files.readString(Path.of(Json.text(waiting.path("variables"), "evidencePath", "")).resolve("report.md")))
                .contains("Not proven", "Why it failed");

        JsonNode task = items(api().get("/tasks"), "tasks").filter(one -> Json.text(one, "run", "").equals(run)).findFirst().orElseThrow();
        api().post("/tasks/" + Json.text(task, "key", "") + "/complete", Json.object()
                .set("variables", Json.object().put("decision", "close").put("reason", "spoilt on purpose")));
        JsonNode ended = await(run, DrillIT::ended);
        assertThat(Json.text(ended, "outcome", "")).isEqualTo("failed");
        JsonNode shown = api().get("/status").path("plan").path("services").path(0).path("lastDrill");
        assertThat(Json.text(shown, "outcome", "")).isEqualTo("failed");
    }

    /** One byte in the middle of each dump in the bucket. */
    private static void spoilOffsite() throws IOException {
        try (Stream<Path> all = Files.walk(world.places().objectStore())) {
            List<Path> dumps = all.filter(path -> path.getFileName().toString().startsWith("dump.") && Files.isRegularFile(path))
                    .toList();
            assertThat(dumps).isNotEmpty();
            for (Path dump : dumps) {
                byte[] bytes = Files.readAllBytes(dump);
                bytes[bytes.length / 2] ^= 1;
                Files.write(dump, bytes);
            }
        }
    }

    private static void assertUntouched() {
        assertThat(home.drills().resolve("shop")).doesNotExist();
        assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains(home.drills().toString()));
        assertThat(before.differences(Measured.of(world.shop(), world.places().uploads()))).isEmpty();
        assertThat(world.shop().number("select count(*) from pg_database where datname like '%restoring%' or datname like '%set_aside%'"))
                .isZero();
    }

    private static boolean ended(JsonNode run) {
        return List.of("done", "cancelled").contains(Json.text(run, "state", ""));
    }

    private static List<String> names(JsonNode run) {
        return items(run, "steps").map(step -> Json.text(step, "name", "")).toList();
    }

    private static Stream<JsonNode> items(JsonNode node, String... lists) {
        return Stream.of(lists).flatMap(list -> StreamSupport.stream(node.path(list).spliterator(), false));
    }

    private static void up() {
        ServerProcess server = new ServerProcess(home);
        server.awaitReady(server.start(world.places().plan(), world.serverPort()), quiet());
    }

    private static JsonNode await(String run, Predicate<JsonNode> wanted) {
        Instant end = Instant.now().plus(PATIENCE);
        Optional<JsonNode> seen = Optional.empty();
        while (Instant.now().isBefore(end)) {
            seen = look(run);
            if (seen.filter(wanted).isPresent()) {
                return seen.get();
            }
            Pause.millis(50);
        }
        throw new AssertionError("run %s is not as wanted: %s".formatted(run, seen));
    }

    private static Optional<JsonNode> look(String run) {
        try {
            return Optional.of(api().get("/runs/" + run));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    private static String drill() {
        return Json.text(api().post("/drills", Json.object().put("service", "shop")), "run", "");
    }

    private static String start(String path, String field, String value) {
        return Json.text(api().post(path, Json.object().put("service", "shop").put(field, value)), "run", "");
    }

    private static Api api() {
        return Connections.open(home, Optional.empty(), Optional.empty(), Answers.REQUESTER);
    }

    private static Terminal quiet() {
        return new Terminal(new java.io.BufferedReader(java.io.Reader.nullReader()),
                new PrintStream(java.io.OutputStream.nullOutputStream()), false, false, 100);
    }
}
