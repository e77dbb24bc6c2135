package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the decision table proposes for what evidence, evaluated by the engine that will evaluate it. */
class DecisionIT {
    private static final Map<String, Object> DELETED_ROWS = Map.of("missingRows", 1200, "deletesSeen", true);

    private static TestBroker broker;
    private static CamundaClient client;

    @BeforeAll
    static void deployTheTable(@TempDir Path dir) throws IOException, InterruptedException {
        broker = TestBroker.start(dir);
        client = broker.client();
        client.newDeployResourceCommand()
                .addResourceFile("bpmn/cause-and-strategy.dmn")
                .send()
                .join();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        client.close();
        broker.close();
    }

    @Test
    void proposesNothingForAServiceThatIsWhole() {
        assertThat(decide(null, Map.of())).containsExactly("none", "nothing", "high");
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "missingTables, 1, human-error, restore-databases, high",
        "missingRows, 20, hardware, restore-databases, medium",
        "corruption, true, hardware, restore-databases, medium",
        "missingFiles, 500, human-error, restore-files, high",
        "encryptedFiles, 500, attack, restore-files, medium",
        "diskFull, true, capacity, mend-by-hand, high",
        "server, starting, software, mend-by-hand, medium",
        "server, rejecting, software, mend-by-hand, high",
        "server, refused, human-error, mend-by-hand, high",
        "server, down, software, mend-by-hand, medium",
        "server, weird, unknown, mend-by-hand, low",
        "failedChecks, front page, unknown, mend-by-hand, low",
    })
    void proposesForOneFact(String fact, String value, String cause, String strategy, String confidence) {
        assertThat(decide(null, Map.of(fact, typed(fact, value)))).containsExactly(cause, strategy, confidence);
    }

    @Test
    void tellsDeletedRowsFromRowsLostBelowTheDatabase() {
        assertThat(decide(null, DELETED_ROWS)).containsExactly("human-error", "restore-databases", "high");
        assertThat(decide(null, Map.of("missingRows", 1200))).containsExactly("hardware", "restore-databases", "medium");
    }

    @Test
    void bringsAWholeServerBackWhenTheDiskDamagedItAndThatLosesNothing() {
        assertThat(decide(null, Map.of("corruption", true, "wholeServer", true))).containsExactly("hardware", "restore-server", "high");
        assertThat(decide(null, Map.of("missingRows", 9, "wholeServer", true))).containsExactly("hardware", "restore-server", "high");
        assertThat(decide(null, Map.of("corruption", true, "missingFiles", 9, "wholeServer", true))).contains("restore-server");
        assertThat(decide(null, Map.of("server", "down", "corruption", true, "wholeServer", true)))
                .containsExactly("hardware", "restore-server", "medium");
    }

    @Test
    void leavesAWholeServerAloneForWhatItsWalRepeats() {
        assertThat(decide(null, Map.of("missingRows", 9, "deletesSeen", true, "wholeServer", true))).contains("restore-databases");
        assertThat(decide(null, Map.of("missingTables", 1, "wholeServer", true))).contains("restore-databases");
        assertThat(decide(null, Map.of("server", "down", "wholeServer", true))).contains("mend-by-hand");
    }

    @Test
    void restoresBothWhenDatabasesAndFilesAreDamaged() {
        assertThat(decide(null, Map.of("missingTables", 1, "missingFiles", 9))).contains("restore-all");
        assertThat(decide(null, Map.of("corruption", true, "encryptedFiles", 9))).containsExactly("attack", "restore-all", "medium");
    }

    @ParameterizedTest
    @ValueSource(strings = {"human-error", "hardware", "software", "attack", "unknown"})
    void takesTheOperatorsCauseAndRestoresWhatIsDamaged(String cause) {
        assertThat(decide(cause, DELETED_ROWS)).containsExactly(cause, "restore-databases", "high");
        assertThat(decide(cause, Map.of("missingFiles", 9))).containsExactly(cause, "restore-files", "high");
        assertThat(decide(cause, Map.of("missingTables", 1, "missingFiles", 9)))
                .containsExactly(cause, "restore-all", "high");
    }

    @Test
    void restoresNothingWithoutDamageWhateverTheOperatorNames() {
        assertThat(decide("human-error", Map.of())).containsExactly("human-error", "mend-by-hand", "low");
    }

    @Test
    void restoresNothingWhenTheOperatorSeesNoDisaster() {
        assertThat(decide("none", DELETED_ROWS)).containsExactly("none", "nothing", "low");
    }

    @Test
    void failsOverWhenTheServerIsDownAndAStandbyAnswers() {
        assertThat(decide(null, Map.of("server", "down", "standbys", 1))).containsExactly("software", "failover", "high");
        assertThat(decide("hardware", Map.of("server", "down", "standbys", 2))).containsExactly("hardware", "failover", "high");
        assertThat(decide(null, Map.of("server", "down", "standbys", 0))).contains("mend-by-hand");
        assertThat(decide(null, Map.of("server", "up", "standbys", 1, "missingTables", 1))).contains("restore-databases");
    }

    @Test
    void wantsSpaceBeforeItRestores() {
        assertThat(decide(null, Map.of("diskFull", true, "missingTables", 1))).contains("capacity", "mend-by-hand");
    }

    @Test
    void wantsTheServerUpBeforeItRestores() {
        assertThat(decide(null, Map.of("server", "down", "missingTables", 1))).contains("mend-by-hand");
        assertThat(decide(null, Map.of("server", "down", "encryptedFiles", 1))).contains("attack", "mend-by-hand");
    }

    @Test
    void restoresNothingWithoutACheckedBackup() {
        assertThat(decide(null, Map.of("missingTables", 1, "backups", false))).contains("mend-by-hand", "low");
        assertThat(decide(null, Map.of("missingFiles", 1, "backups", false))).contains("mend-by-hand", "low");
    }

    @Test
    void mendsByHandWhenTheEvidenceIsMissing() {
        assertThat(evaluate(new HashMap<>())).containsExactly("unknown", "mend-by-hand", "low");
        assertThat(evaluate(new HashMap<>(Map.of("evidence", Map.of())))).containsExactly("unknown", "mend-by-hand", "low");
        assertThat(decide("a word nobody knows", Map.of("missingTables", 1))).doesNotContain("a word nobody knows");
    }

    private static Object typed(String fact, String value) {
        return switch (fact) {
            case "server" -> value;
            case "failedChecks" -> List.of(value);
            case "corruption", "diskFull" -> Boolean.valueOf(value);
            default -> Integer.valueOf(value);
        };
    }

    private static List<String> decide(@Nullable String cause, Map<String, Object> facts) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("evidence", Answers.evidence(facts));
        variables.put("cause", cause);
        return evaluate(variables);
    }

    /** Cause, strategy and confidence; that there is an explanation is checked for every case. */
    private static List<String> evaluate(Map<String, Object> variables) {
        var response = client.newEvaluateDecisionCommand()
                .decisionId("cause-and-strategy")
                .variables(variables)
                .send()
                .join();
        assertThat(response.getFailureMessage()).isNullOrEmpty();
        JsonNode answer = new JsonMapper().readTree(response.getDecisionOutput());
        assertThat(answer.path("explanation").asString()).endsWith(".");
        return List.of(
                answer.path("cause").asString(),
                answer.path("strategy").asString(),
                answer.path("confidence").asString());
    }
}
