package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's recovery decided in Camunda's own Tasklist, and read in Operate. Not part of the usual suite: it needs OpenSearch,
 * see src/tasklist and {@code ./firedrill test --tasklist}.
 */
@EnabledIfSystemProperty(named = "firedrill.tasklist", matches = ".+")
class TasklistIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final String CAMUNDA_USER = "demo";

    @TempDir
    private static Path folder;

    private static CamundaApplications camunda;
    private static Home home;
    private static World world;
    private static String dist;

    @BeforeAll
    static void aServiceWhoseEngineHasTasklistAndOperate() {
        dist = System.getProperty("firedrill.dist");
        home = new Home(folder.resolve("home"));
        camunda = CamundaApplications.start(
                folder, Path.of(System.getProperty("firedrill.tasklist")).toAbsolutePath(), Path.of(System.getProperty("firedrill.jdk17")));
        System.setProperty("firedrill.dist", camunda.dist().toString());
        world = World.prepare(home);
        world.build(new StartGate(), () -> {});
        ServerProcess server = new ServerProcess(home);
        server.awaitReady(server.start(world.places().plan(), world.serverPort()), quiet());
    }

    @AfterAll
    static void stop() {
        new ServerProcess(home).stop();
        World.stop(home);
        camunda.close();
        System.setProperty("firedrill.dist", dist);
    }

    private static Terminal quiet() {
        return new Terminal(new BufferedReader(Reader.nullReader()), new PrintStream(OutputStream.nullOutputStream()), false, false, 100);
    }

    private static Api api() {
        return Connections.open(home, Optional.empty(), Optional.empty(), "olga");
    }

    private static String state(String run, String field) {
        return Json.text(api().get("/runs/" + run), field, "");
    }

    @Test
    void aRecoveryIsConfirmedApprovedAnalysedAndReviewedInTasklist() {
        String backup = Json.text(api().post("/backups", Json.object().put("service", "shop").put("kind", "all")), "run", "");
        await().atMost(PATIENCE).until(() -> state(backup, "state").equals("done"));
        new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(Fault.DELETED_ROWS);
        String run = Json.text(
                api().post("/recoveries", Json.object().put("service", "shop").put("reason", "Customers miss their orders.")), "run", "");

        try (Browser browser = new Browser(CamundaApplications.address(home.folder()))) {
            signIn(browser, "/tasklist");
            decide(browser, "Confirm the diagnosis", List.of("order_items", "human"), "confirm", "olga");
            decide(browser, "Approve the restore plan", List.of("shop-orders-", "set_aside", "Customers miss their orders."), "approve", "anna");
            openTask(browser, "Write the analysis", List.of("What happened to shop?"));
            browser.typeEverywhere(".fjs-container textarea", "As the demo has it.").type(".fjs-container input[type=text]", "olga");
            complete(browser);
            decide(browser, "Review the analysis", List.of("As the demo has it."), "accept", "anna");
            await().atMost(PATIENCE).until(() -> state(run, "state").equals("done"));
            assertThat(state(run, "outcome")).isEqualTo("proven");
            assertThat(Json.text(api().get("/runs/" + run).path("variables"), "approvedBy")).contains("anna");

            browser.open("/operate/processes/" + run).sees("body", "Recover from a disaster").sees("body", "Approve the restore plan")
                    .picture("operate-recovery");
        }
    }

    private static void signIn(Browser browser, String application) {
        browser.open(application).type("input[name=username]", CAMUNDA_USER).type("input[name=password]", CAMUNDA_USER).click("button[type=submit]");
        browser.sees("body", "Tasks");
    }

    private static void openTask(Browser browser, String name, List<String> shown) {
        browser.open("/tasklist/?filter=all-open").clickShown("[data-testid^='task-']", name).click("[data-testid=assign-button]");
        browser.sees(".fjs-container textarea", "");
        shown.forEach(text -> browser.sees(".fjs-container", text));
        browser.picture("tasklist-" + name.toLowerCase(Locale.ROOT).replace(' ', '-'));
    }

    private static void decide(Browser browser, String name, List<String> shown, String decision, String who) {
        openTask(browser, name, shown);
        browser.click(".fjs-container input[value=" + decision + "]").type(".fjs-container textarea", "Decided in Tasklist.");
        browser.typeEverywhere(".fjs-container input[type=text]", who);
        complete(browser);
    }

    private static void complete(Browser browser) {
        browser.clickShown("button", "Complete Task").sees("body", "Task completed");
    }
}
