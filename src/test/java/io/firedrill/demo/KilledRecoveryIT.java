package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.Api;
import io.firedrill.client.ApiException;
import io.firedrill.client.Connections;
import io.firedrill.client.Homes;
import io.firedrill.client.Json;
import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.terminal.Terminal;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Server or broker are killed the hard way during a recovery; after {@code up} the run goes on and ends proven, and
 * nothing was done twice.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledRecoveryIT {
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    @TempDir
    private static Path folder;

    private static Home home;
    private static World world;
    private static Measured backedUp;

    @BeforeAll
    static void aServiceWithABackup() {
        home = new Home(folder.resolve("home"));
        world = World.prepare(home);
        world.build(new StartGate(), () -> {});
        up();
        backUp("logical");
        backUp("files");
        backedUp = Measured.of(world.shop(), world.places().uploads());
    }

    @AfterAll
    static void stop() {
        new ServerProcess(home).stop();
        World.stop(home);
    }

    private static void backUp(String kind) {
        finish(start("/backups", "kind", kind), step -> false, () -> {});
    }

    @Order(1)
    @ParameterizedTest(name = "{0} killed when \"{1}\" is {2}")
    @CsvSource({
        "server, Open the incident, done",
        "server, Confirm the diagnosis, active",
        "server, Restore the database beside the damaged one, active",
        "server, Cut over, active",
        "server, Unfence the service, done",
        "broker, Collect evidence, done",
        "broker, Approve the restore plan, done",
        "broker, Restore the database beside the damaged one, done",
        "both, Cut over, done",
    })
    void theRunGoesOnAndEndsProven(String victim, String step, String state) {
        recoverThrough(victim, step, state);
    }

    @Order(2)
    @Test
    void aServerKilledWhileAScratchServerReplaysWalGoesOnAndEndsProven() {
        backUp("physical");
        JsonNode run = recoverThrough("server", "Restore the database beside the damaged one", "active");
        assertThat(run.path("variables").path("restorePlan").path("databases").path(0).path("pointInTime").isObject()).isTrue();
    }

    private JsonNode recoverThrough(String victim, String step, String state) {
        new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(Fault.DELETED_ROWS);
        long setAsideBefore = setAside();

        JsonNode run = finish(
                start("/recoveries", "reason", "killed on purpose"),
                seen -> Json.text(seen, "name", "").equals(step)
                        && (Json.text(seen, "state", "").equals(state) || Json.text(seen, "state", "").equals("done")),
                () -> kill(victim));

        assertThat(Json.text(run, "outcome", "")).as(() -> run.toPrettyString()).isEqualTo("proven");
        assertThat(backedUp.differences(Measured.of(world.shop(), world.places().uploads()))).isEmpty();
        assertThat(setAside()).as("set aside once").isEqualTo(setAsideBefore + 1);
        assertThat(world.shop().number("select count(*) from pg_database where datname like '%restoring%'"))
                .as("nothing half-restored is left").isZero();
        assertThat(doneTimes(run, "Cut over")).isEqualTo(1);
        assertThat(doneTimes(run, "Approve the restore plan")).isEqualTo(1);
        return run;
    }

    private long setAside() {
        return world.shop().number("select count(*) from pg_database where datname like '%set_aside%'");
    }

    private static long doneTimes(JsonNode run, String step) {
        return Stream.of(run.path("steps")).flatMap(KilledRecoveryIT::elements)
                .filter(seen -> Json.text(seen, "name", "").equals(step) && Json.text(seen, "state", "").equals("done"))
                .count();
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return java.util.stream.StreamSupport.stream(list.spliterator(), false);
    }

    private static void kill(String victim) {
        if (!victim.equals("server")) {
            ended(new ChildProcess(home.engine().resolve("broker.pid")).alive().orElseThrow());
        }
        if (!victim.equals("broker")) {
            ended(RunningServer.in(home).orElseThrow().process());
        }
        up();
    }

    private static void ended(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    private static void up() {
        boolean running = RunningServer.in(home).map(server -> server.process().isAlive()).orElse(false);
        ServerProcess server = new ServerProcess(home);
        if (!running) {
            server.awaitReady(server.start(world.places().plan(), world.serverPort()), quiet());
        }
    }

    /** Follows the run to its end, answering what it asks; acts once, as soon as a step meets the condition. */
    private static JsonNode finish(String run, Predicate<JsonNode> when, Runnable act) {
        SecondPerson people = new SecondPerson(quiet());
        Set<String> answered = new HashSet<>();
        boolean acted = false;
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end)) {
            Optional<JsonNode> seen = look(run);
            if (seen.isPresent() && !acted && elements(seen.get().path("steps")).anyMatch(when)) {
                acted = true;
                act.run();
            } else if (seen.isPresent() && Set.of("done", "cancelled").contains(Json.text(seen.get(), "state", ""))) {
                return seen.get();
            }
            answerTasks(people, answered);
            Pause.millis(20);
        }
        throw new AssertionError("run %s did not end: %s\n%s".formatted(run, look(run), serverLog()));
    }

    private static Optional<JsonNode> look(String run) {
        try {
            return Optional.of(api().get("/runs/" + run));
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    private static void answerTasks(SecondPerson people, Set<String> answered) {
        try {
            for (JsonNode task : api().get("/tasks").path("tasks")) {
                String key = Json.text(task, "key", "");
                if (!answered.contains(key)) {
                    JsonNode withForm = api().get("/tasks/" + key);
                    api().as(Answers.decider(task))
                            .post("/tasks/" + key + "/complete", Json.object().set("variables", people.answer(withForm)));
                    answered.add(key);
                }
            }
        } catch (ApiException e) {
            // Killed just now, or somebody was faster: the next look tells.
            return;
        }
    }

    private static String start(String path, String field, String value) {
        return Json.text(api().post(path, Json.object().put("service", "shop").put(field, value)), "run", "");
    }

    private static Api api() {
        return Connections.open(home, Optional.empty(), Optional.empty(), Answers.REQUESTER);
    }

    private static String serverLog() {
        try {
            List<String> lines = Files.readAllLines(Homes.serverLog(home));
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static Terminal quiet() {
        return new Terminal(new java.io.BufferedReader(java.io.Reader.nullReader()), new PrintStream(java.io.OutputStream.nullOutputStream()), false, false, 100);
    }
}
