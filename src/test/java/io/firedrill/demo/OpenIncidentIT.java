package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.firedrill.client.Api;
import io.firedrill.client.Connections;
import io.firedrill.client.Json;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.terminal.Terminal;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Through the real server: people with names of any script, a recovery that is rejected, and the incident it leaves open. */
class OpenIncidentIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String ASKS = "Jörg Żak";
    private static final String DECIDES = "山田 花子";

    @TempDir
    private static Path folder;

    private static Home home;

    @BeforeAll
    static void aServiceWithABackup() {
        home = new Home(folder.resolve("home"));
        World world = World.prepare(home);
        world.build(new StartGate(), () -> {});
        ServerProcess server = new ServerProcess(home);
        server.awaitReady(server.start(world.places().plan(), world.serverPort()), quiet());
        String run = started(api(ASKS).post("/backups", Json.object().put("service", "shop").put("kind", "all")));
        assertThat(Json.text(ended(run), "outcome")).contains("done");
        new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(Fault.DELETED_ROWS);
    }

    @AfterAll
    static void stop() {
        new ServerProcess(home).stop();
        World.stop(home);
    }

    @Test
    void anIncidentLeftOpenByARejectionIsClosedByItsAnalysis() {
        String run = started(api(ASKS).post("/recoveries", Json.object().put("service", "shop").put("reason", "fehlt")));
        complete(ASKS, "confirm-diagnosis", answer("confirm").put("strategy", "restore-all"));
        assertThatThrownBy(() -> complete(ASKS, "approve-restore", answer("approve"))).hasMessageContaining(ASKS);
        complete(DECIDES, "approve-restore", answer("reject"));
        String incident = Json.text(ended(run), "incident").orElseThrow();
        assertThat(stateOf(incident)).isEqualTo("open");
        assertThat(Json.text(api(ASKS).get("/incidents/" + incident).path("variables"), "approvedBy")).contains(DECIDES);

        assertThatThrownBy(() -> close(incident, "  ")).hasMessageContaining("Nobody said why");
        String closing = started(close(incident, "mended by hand"));
        assertThatThrownBy(() -> close(incident, "again")).hasMessageContaining("is going on: run " + closing);
        complete(ASKS, "write-analysis", Json.object().put("summary", "s").put("rootCause", "r").put("impact", "i").put("actions", "a"));
        complete(DECIDES, "review-analysis", answer("accept"));
        ended(closing);

        await().atMost(PATIENCE).until(() -> stateOf(incident).equals("closed"));
        assertThatThrownBy(() -> close(incident, "again")).hasMessageContaining("is closed already");
        assertThat(api(ASKS).getText("/reports/" + incident + "?format=md")).contains("mended by hand", DECIDES);
    }

    @Test
    void aBackupIsToldWithHowLongItTook() {
        assertThat(Json.items(api(ASKS).get("/backups?service=shop"), "backups"))
                .hasSize(3)
                .allSatisfy(backup -> assertThat(Json.decimal(backup, "seconds")).isPositive());
    }

    private static ObjectNode answer(String decision) {
        return Json.object().put("decision", decision).put("reason", "as decided");
    }

    private static JsonNode close(String incident, String reason) {
        return api(ASKS).post("/incidents/" + incident + "/close", Json.object().put("reason", reason));
    }

    private static String stateOf(String incident) {
        return Json.text(api(ASKS).get("/incidents/" + incident), "state", "");
    }

    /** Waits for the task with that form and answers it. */
    private static void complete(String who, String form, ObjectNode values) {
        JsonNode task = await().atMost(PATIENCE).until(() -> task(form), Optional::isPresent).orElseThrow();
        api(who).post("/tasks/" + Json.text(task, "key", "") + "/complete", Json.object().set("variables", values));
    }

    private static Optional<JsonNode> task(String form) {
        return Json.items(api(ASKS).get("/tasks"), "tasks").stream().filter(task -> Json.text(task, "form", "").equals(form)).findFirst();
    }

    private static JsonNode ended(String run) {
        return await().atMost(PATIENCE).ignoreExceptions().until(
                () -> api(ASKS).get("/runs/" + run), told -> Json.text(told, "state", "").equals("done"));
    }

    private static String started(JsonNode answer) {
        return Json.text(answer, "run", "");
    }

    private static Api api(String who) {
        return Connections.open(home, Optional.empty(), Optional.empty(), who);
    }

    private static Terminal quiet() {
        return new Terminal(new BufferedReader(Reader.nullReader()), new PrintStream(OutputStream.nullOutputStream()), false, false, 100);
    }
}
