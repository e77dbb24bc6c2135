package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.client.RunningServer;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.StartGate;
import io.firedrill.terminal.Terminal;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's story by clicking, in a real browser: people come in, a service is backed up, damaged, diagnosed, recovered with a
 * second person's approval, analysed and reported. Pages are looked at for accessibility in light, dark and at phone width; the
 * pictures stay in target/screenshots.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleIT {
    private static final String PASSWORD = "a sentence is easy to remember";

    @TempDir
    private static Path folder;

    private static Home home;
    private static World world;
    private static Browser browser;
    private static String link;

    @BeforeAll
    static void aServiceAndItsServer() {
        home = new Home(folder.resolve("home"));
        world = World.prepare(home);
        world.build(new StartGate(), () -> {});
        ServerProcess server = new ServerProcess(home);
        server.awaitReady(server.start(world.places().plan(), world.serverPort()), quiet());
        link = server.awaitFirstSignIn().orElseThrow();
        browser = new Browser(RunningServer.in(home).orElseThrow().url().toString());
    }

    @AfterAll
    static void stop() {
        browser.close();
        new ServerProcess(home).stop();
        World.stop(home);
    }

    private static Terminal quiet() {
        return new Terminal(new BufferedReader(Reader.nullReader()), new PrintStream(OutputStream.nullOutputStream()), false, false, 100);
    }

    private static void setPassword(String at) {
        browser.open(at).type("#password", PASSWORD).type("#again", PASSWORD).click("main button.main");
        browser.sees(".notice", "password is set");
    }

    private static void addPerson(String name, String role) {
        browser.signIn("admin", PASSWORD).open("/people").type("#person", name).click("input[name=role][value=" + role + "]");
        browser.clickLink("Make a one-time link");
        setPassword(browser.shown(".secret"));
    }

    private static Browser as(String name) {
        return browser.signIn(name, PASSWORD);
    }

    /** On the form that is open, by its makers' form viewer; its radio buttons have no values, only labels. */
    private static void decide(String choice, String reason) {
        browser.clickShown("#viewer label", choice).type("#viewer .fjs-form-field-textarea textarea", reason);
        browser.clickLink("Record my decision").sees(".notice", "decision is recorded");
    }

    private static void openTask(String name) {
        browser.open("/tasks").sees("#tasks", name).clickText(name).sees("h1", name);
    }

    @Test
    @Order(1)
    void theFirstAdminSetsAPasswordAndAddsThePeople() {
        browser.open("/").sees("h1", "Sign in").looked("sign-in");
        browser.open(link).looked("welcome");
        setPassword(link);
        addPerson("olga", "operator");
        addPerson("anna", "approver");
        addPerson("ute", "auditor");
        browser.signIn("admin", PASSWORD).open("/people").sees("table", "olga").looked("people");
    }

    @Test
    @Order(2)
    void anOperatorBacksUpAndSeesWhatThereIs() {
        as("olga").sees("#services", "never").sees(".replication", "has everything");
        browser.clickLink("Back up now").sees("h1", "Back up a service").sees("#head .mark", "Done");
        browser.open("/backups").sees("table", "offsite: verified").sees(".lane", "Any moment from").looked("backups");
    }

    @Test
    @Order(3)
    void anOperatorDiagnosesConfirmsAndSeesThatTheApprovalIsForSomebodyElse() {
        new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(Fault.DELETED_ROWS);
        as("olga").clickLink("Diagnose").sees("h1", "Diagnosis").sees(".findings", "order_items");
        browser.clickLink("Recover …").type("#reason", "Customers miss their orders.").clickLink("Open the incident and start");
        browser.sees("#current", "Confirm the diagnosis").sees(".djs-element.is-open", "").picture("run-waiting");
        openTask("Confirm the diagnosis");
        browser.clickLink("Claim").sees(".notice", "yours to decide").sees("#standing", "claimed by olga");
        browser.sees("#viewer", "Your decision").sees("aside", "order_items").seesNo(".own-request").looked("task-diagnosis");
        decide("Confirm:", "The evidence fits what the customers report.");
        browser.sees("#steps", "The evidence fits what the customers report.").sees("#current", "Approve the restore plan");
        openTask("Approve the restore plan");
        browser.sees(".note", "You can look").seesNo("#decision button.main");
    }

    @Test
    @Order(4)
    void anApproverApprovesAndWatchesTheDiagramAdvance() {
        as("anna").sees("#nav .badge", "1").sees("#waiting", "Approve the restore plan").looked("now-waiting");
        openTask("Approve the restore plan");
        browser.clickLink("Claim").sees(".notice", "yours to decide");
        decide("Approve:", "The backup is recent and verified.");
        browser.sees("#steps", "Cut over").sees(".djs-element.is-good", "").sees("#current", "Write the analysis").looked("run-recovered");
        assertThat(world.shop().number("select count(*) from shop.order_items")).isEqualTo(250_000);
    }

    @Test
    @Order(5)
    void theIncidentIsAnalysedReviewedAndReported() {
        as("olga");
        openTask("Write the analysis");
        browser.sees("#viewer", "Root cause").typeEverywhere("#viewer textarea", "As the demo has it.");
        browser.clickLink("Record my decision").sees(".notice", "decision is recorded");
        as("anna").sees("#waiting", "Review the analysis");
        openTask("Review the analysis");
        decide("Accept:", "Cause and actions are clear.");
        browser.sees("#head .mark", "Recovered and proven");
        browser.open("/incidents").sees("table", "Recovered and proven");
        String incident = browser.shown("table a");
        browser.clickText(incident).sees("#timeline", "Cut over").sees("#people", "Approve the restore plan").sees("#decisions", "anna");
        browser.sees("#evidence", "order_items").looked("incident");
        browser.clickLink("Report").sees("h1", incident).sees("body", "As the demo has it.").picture("report");
    }

    @Test
    @Order(6)
    void anAuditorSeesEverythingAndCanChangeNothing() {
        as("ute").sees("#services", "shop").seesNo("main form");
        browser.open("/drills").sees("main", "Never rehearsed").looked("drills");
        browser.open("/plan").sees("main", "The file says what runs").looked("plan");
        browser.open("/audit").sees("table", "anna").looked("audit");
        browser.open("/services/shop/recover").sees("main", "may not do this");
    }

    @Test
    @Order(7)
    void noPageBrokeItsOwnContentPolicy() {
        assertThat(browser.complaints()).isEmpty();
    }
}
