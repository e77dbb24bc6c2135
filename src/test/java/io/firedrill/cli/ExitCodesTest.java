package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ExitCodesTest extends CommandLineFixture {
    @Test
    void unknownCommandsAndOptionsAreBadUsageAndNameTheHelp() {
        Done unknown = plain("failoverr");
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("failoverr", "firedrill --help").doesNotContain("\tat ");
        assertThat(firedrill("runs", "--nonsense").exit()).isEqualTo(2);
        assertThat(plain().exit()).isEqualTo(2);
    }

    @Test
    void helpListsWhatExistsAndNothingMore() {
        Done help = plain("--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("demo", "up", "down", "status", "plan", "backup", "diagnose", "recover", "undo", "tasks", "restore", "drill", "bench")
                .doesNotContain("  serve ");
    }

    @Test
    void noServerIsExitFourAndSaysHowToStartOne() {
        server.close();
        Done status = firedrill("status");
        assertThat(status.exit()).isEqualTo(4);
        assertThat(status.err().lines()).hasSize(3);
        assertThat(status.err()).contains("does not answer", "firedrill up");
    }

    @Test
    void anUnreadableTokenIsNamedAndNothingIsAsked() throws Exception {
        Files.delete(folder.resolve("token"));
        Done runs = firedrill("runs");
        assertThat(runs.exit()).isEqualTo(4);
        assertThat(runs.err()).contains(folder.resolve("token").toString());
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aWrongTokenIsAFailureThatNamesTheRemedy() throws Exception {
        Files.writeString(folder.resolve("token"), "wrong");
        Done runs = firedrill("runs");
        assertThat(runs.exit()).isEqualTo(1);
        assertThat(runs.err()).contains("--token-file");
    }

    @Test
    void aRefusalOfTheInputIsExitTwoWithWhatMeaningAndNext() {
        server.refuses("POST /api/backups", 404, """
                {"status": 404, "code": "unknown-service", "what": "There is no service 'x' in the plan.",
                 "meaning": "Nothing was started.", "next": "Use one of: shop."}""");
        Done backup = firedrill("backup", "x");
        assertThat(backup.exit()).isEqualTo(2);
        assertThat(backup.err().lines())
                .containsExactly(
                        "Failed:  There is no service 'x' in the plan.",
                        "Means:   Nothing was started.",
                        "Next:    Use one of: shop.");
    }

    @Test
    void aFailureOfTheServerIsExitOne() {
        server.refuses("GET /api/tasks", 503, """
                {"code": "state-database-down", "what": "The state database does not answer.",
                 "meaning": "Runs go on.", "next": "Wait."}""");
        Done tasks = firedrill("tasks");
        assertThat(tasks.exit()).isEqualTo(1);
        assertThat(tasks.err()).contains("Runs go on.");
    }

    @Test
    void somethingElseThanFiredrillAtTheAddressIsSaidSo() {
        server.answers("GET /api/tasks", 200, "text/html", "<html>hello</html>");
        Done tasks = firedrill("tasks");
        assertThat(tasks.exit()).isEqualTo(4);
        assertThat(tasks.err()).contains("no Firedrill server");
    }

    @Test
    void theDemoRefusesFaultsItCannotMakeAndListsThoseItCan() {
        Done demo = plain("demo", "--fault", "earthquake");
        assertThat(demo.exit()).isEqualTo(2);
        assertThat(demo.err()).contains("deleted-rows, dropped-table, corrupt-page, missing-relation-file, lost-files, encrypted-files, disk-full, dead-primary");
    }

    @Test
    void mistakesInAPlanAreOneLineEachAndExitTwo() throws Exception {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), "services:\n  shop:\n    databasis: {}\nstoers: {}\n");
        Done check = plain("plan", "check", plan.toString());
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.err().lines()).hasSizeGreaterThanOrEqualTo(2).allMatch(line -> line.startsWith(plan + ":"));
        Done json = plain("plan", "check", "--json", plan.toString());
        assertThat(json.exit()).isEqualTo(2);
        assertThat(json.out()).contains("\"valid\":false", "\"line\":3");
    }
}
