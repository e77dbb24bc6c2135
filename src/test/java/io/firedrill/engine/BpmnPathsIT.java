package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import io.firedrill.engine.FakeRunbook.Script;
import io.firedrill.history.History;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.Recheck;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways through the processes, on a real broker whose clock the test moves, with steps that touch nothing: who is
 * asked what, what each answer leads to, and that no answer but a clear one leads to a change.
 */
class BpmnPathsIT {
    private static TestBroker broker;
    private static CamundaClient client;
    private static FakeRunbook runbook;

    private String service;
    private Script steps;

    @BeforeAll
    static void deployTheProcesses(@TempDir Path dir) throws IOException, InterruptedException {
        broker = TestBroker.start(dir);
        client = broker.client();
        runbook = new FakeRunbook(client);
        List<Path> resources = new ArrayList<>();
        for (String folder : List.of("bpmn", "forms")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.forEach(resources::add);
            }
        }
        var command = client.newDeployResourceCommand().addResourceFile(resources.getFirst().toString());
        for (Path resource : resources.subList(1, resources.size())) {
            command = command.addResourceFile(resource.toString());
        }
        command.send().join();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        runbook.close();
        client.close();
        broker.close();
    }

    @BeforeEach
    void nameTheService(TestInfo test) {
        service = "%s-%d".formatted(test.getTestMethod().orElseThrow().getName(), System.nanoTime());
        steps = runbook.script(service);
    }

    @Nested
    class DisasterRecovery {
        @Test
        void goesFromTheAlarmToTheClosedIncidentInOrder() {
            ProcessRun run = recover();
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_ApproveRestore", "approve", "bob");
            run.complete("Task_WriteAnalysis", analysis()).decide("Task_ReviewAnalysis", "accept", "bob");
            run.awaitEnd();

            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(run.variable("reportPath").asString()).isEqualTo("/reports/1.md");
            assertThat(steps.calls())
                    .startsWith("open-incident", "collect-evidence", "select-backup", "fence-service")
                    .containsSubsequence("fence-service", "restore-database", "prove-database", "cut-over")
                    .containsSubsequence("fence-service", "restore-files", "prove-files", "cut-over")
                    .endsWith(
                            "cut-over", "check-behind-fence", "unfence-service", "check-service", "measure-loss",
                            "notify", "collect-timeline", "write-report", "close-incident")
                    .doesNotContain("discard-restored", "swap-back", "escalate");
            assertThat(run.variable("diagnosis").path("strategy").asString()).isEqualTo("restore-databases");
            assertThat(run.variable("approvedBy").asString()).isEqualTo("bob");
            assertThat(run.variable("approvalReason").asString()).isEqualTo("because the test says so");
            assertThat(run.problems()).isEmpty();
        }

        @Test
        void bringsAWholeServerBackAndProtectsItAgainBeforeTheIncidentCloses() {
            Map<String, Object> target = Map.of("server", "orders", "backup", "orders-5");
            steps.always("collect-evidence", Map.of("evidence", Answers.evidence(Map.of("corruption", true, "wholeServer", true))))
                    .always("select-backup", Map.of(
                            "restorePlan", Map.of("databases", List.of(), "fileSets", List.of(), "servers", List.of(target)),
                            "planText", "- the server", "failedBackups", List.of()))
                    .failing("check-protection", 2);
            ProcessRun run = recover();
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_ApproveRestore", "approve", "bob");
            run.decide("Task_DecideProtection", "accept", null).decide("Task_DecideProtection", "try-again", "alice");
            run.complete("Task_WriteAnalysis", analysis()).decide("Task_ReviewAnalysis", "accept", "bob");
            run.awaitEnd();

            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(run.variable("diagnosis").path("strategy").asString()).isEqualTo("restore-server");
            assertThat(run.variable("protection").asString()).isEqualTo("again");
            assertThat(steps.calls())
                    .containsSubsequence("fence-service", "restore-server", "prove-server", "cut-over-server", "cut-over", "unfence-service")
                    .containsSubsequence("measure-loss", "notify", "base-backup", "check-backup", "check-protection", "notify", "base-backup",
                            "check-protection", "collect-timeline")
                    .doesNotContain("restore-database", "restore-files", "discard-server", "swap-back-server");
            assertThat(run.problems()).isEmpty();
        }

        @Test
        void failsOverWhenTheServerIsDownAndAStandbyAnswers() {
            steps.always("collect-evidence", Map.of("evidence", Answers.evidence(Map.of("server", "down", "standbys", 1))));
            ProcessRun run = recover();
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_ApproveFailover", "approve", "bob");
            run.complete("Task_WriteAnalysis", analysis()).decide("Task_ReviewAnalysis", "accept", "bob");
            run.awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed-over");
            assertThat(run.variable("failover").path("to").asString()).isEqualTo("pg2");
            assertThat(steps.calls())
                    .containsSubsequence("witness-primary", "fence-primary", "promote-standby", "repoint-clients", "prove-writes",
                            "rebuild-redundancy", "check-service", "collect-timeline")
                    .doesNotContain("select-backup", "fence-service");
            assertThat(run.problems()).isEmpty();
        }

        @Test
        void aRestoredServerThatIsNotProvenIsDiscarded() {
            Map<String, Object> target = Map.of("server", "orders", "backup", "orders-5");
            steps.always("select-backup", Map.of(
                            "restorePlan", Map.of("databases", List.of(), "fileSets", List.of(), "servers", List.of(target)),
                            "planText", "- the server", "failedBackups", List.of()))
                    .on("prove-server", (variables, attempt) -> Map.of("result", Answers.proven(variables, "server", false)));
            ProcessRun run = recover();
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_ApproveRestore", "approve", "bob");
            run.decide("Task_DecideFailedRestore", "stop", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("prove-server", "discard-server", "discard-restored", "unfence-service");
        }

        @Test
        void changesNothingWhenTheDiagnosisIsStopped() {
            ProcessRun run = recover().decide("Task_ConfirmDiagnosis", "stop", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).containsExactly("open-incident", "collect-evidence");
        }

        @Test
        void changesNothingWhenThePlanIsRejected() {
            ProcessRun run = atApproval().decide("Task_ApproveRestore", "reject", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "yes", "APPROVE", "approved", "expired"})
        void takesAnyWordButApproveForARejection(String word) {
            ProcessRun run = atApproval().decide("Task_ApproveRestore", word, "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @Test
        void takesAnApprovalWithoutANameForARejection() {
            ProcessRun run = atApproval().decide("Task_ApproveRestore", "approve", null).awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @Test
        void takesAnApprovalOfARequestNobodyMadeForARejection() {
            ProcessRun run = ProcessRun.start(client, broker.log(), "disaster-recovery", Map.of("service", service));
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_ApproveRestore", "approve", "bob");
            assertThat(run.awaitEnd().outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @Test
        void ignoresDecisionsGivenBeforeTheyWereAsked() {
            ProcessRun run = recover(Map.of(
                    "decision", "approve", "decidedBy", "bob", "approvalDecision", "approve", "approvedBy", "bob",
                    "approvals", List.of("bob"), "strategy", "restore-all"));
            run.decide("Task_ConfirmDiagnosis", "confirm", "alice").complete("Task_ApproveRestore", Map.of());
            assertThat(run.awaitEnd().outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @Test
        void asksAnotherPersonWhenTheRequesterApproves() {
            ProcessRun run = atApproval().decide("Task_ApproveRestore", "approve", "alice");
            run.awaitTask("Task_ApproveRestore");
            assertThat(steps.calls()).endsWith("select-backup");
            run.decide("Task_ApproveRestore", "approve", "bob").awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("proven");
        }

        @Test
        void letsTheRequesterApproveWhereFourEyesAreNotAsked() {
            steps.on("open-incident", (given, nth) -> with(Answers.to("open-incident", given), "fourEyes", false));
            atApproval().decide("Task_ApproveRestore", "approve", "alice").awaitTask("Task_WriteAnalysis");
        }

        @Test
        void waitsForAsManyDifferentPeopleAsThePlanWants() {
            steps.on("open-incident", (given, nth) -> with(Answers.to("open-incident", given), "approvers", 2));
            ProcessRun run = atApproval()
                    .decide("Task_ApproveRestore", "approve", "bob")
                    .decide("Task_ApproveRestore", "approve", "bob");
            run.awaitTask("Task_ApproveRestore");
            assertThat(steps.calls()).endsWith("select-backup");
            run.decide("Task_ApproveRestore", "approve", "carol").awaitTask("Task_WriteAnalysis");
            assertThat(run.variable("approvals")).hasToString("[\"bob\",\"carol\"]");
        }

        @Test
        void takesSilenceForARejection() throws Exception {
            ProcessRun run = atApproval();
            run.awaitTask("Task_ApproveRestore");
            broker.advanceClock(Duration.ofHours(25));
            assertThat(run.awaitEnd().outcome()).isEqualTo("rejected");
            assertThat(run.variable("approvalDecision").asString()).isEqualTo("expired");
            assertThat(steps.calls()).doesNotContain("fence-service");
        }

        @Test
        void escalatesAgainAndAgainWhileNobodyAnswers() throws Exception {
            ProcessRun run = recover();
            run.awaitTask("Task_ConfirmDiagnosis");
            for (long times = 1; times <= 3; times++) {
                long expected = times;
                broker.advanceClock(Duration.ofMinutes(11));
                run.await("escalation " + times, () -> steps.calls("escalate") >= expected ? true : null);
            }
            assertThat(steps.lastInput("escalate")).containsEntry("taskName", "Confirm the diagnosis");
            run.decide("Task_ConfirmDiagnosis", "stop", "alice").awaitEnd();
        }

        @Test
        void givesEveryTaskADueDateAndAGroup() {
            ProcessRun run = atApproval();
            var task = run.awaitTask("Task_ApproveRestore").path("value");
            assertThat(task.path("candidateGroupsList")).hasToString("[\"approver\"]");
            assertThat(task.path("dueDate").asString()).isNotEmpty();
            assertThat(task.path("formKey").asLong()).isPositive();
            run.cancel();
        }

        @Test
        void asksAgainWithTheNextBackupWhenTheNewestDoesNotProve() {
            steps.on("prove-database", (given, nth) -> Map.of("result", Answers.proven(given, "database", nth > 1)));
            ProcessRun run = approved().decide("Task_DecideFailedRestore", "next-backup", "bob");
            run.awaitTask("Task_ApproveRestore");
            assertThat(run.variable("failedBackups")).hasToString("[\"orders-3\"]");
            assertThat(run.variable("restorePlan").path("databases").get(0).path("backup").asString())
                    .isEqualTo("orders-2");
            assertThat(run.variable("approvals")).hasToString("[]");
            run.decide("Task_ApproveRestore", "approve", "bob").awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(steps.calls("fence-service")).isEqualTo(2);
        }

        @Test
        void comparesSingleTablesWithAScratchCopyBeforeAnybodyIsAskedAndOverwritesOnlyWhenAllSaySo() {
            steps.on("open-incident", (given, nth) -> with(Answers.to("open-incident", given), "approvers", 2))
                    .on("select-backup", (given, nth) -> Answers.selectTables(given));
            ProcessRun run = atApproval();
            run.awaitTask("Task_ApproveRestore");
            assertThat(steps.calls()).endsWith("select-backup", "restore-database", "prove-database", "compare-tables");
            run.complete("Task_ApproveRestore", approving("bob", "take-backup")).complete("Task_ApproveRestore", approving("carol", null));
            run.awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(steps.lastInput("cut-over")).containsEntry("conflictDecision", "keep-live").containsEntry("tableMode", "lost-rows");
            assertThat(steps.calls("restore-database")).isEqualTo(1);
        }

        @Test
        void takesTheBackupsRowsWhenTheApproverSaysSo() {
            steps.on("select-backup", (given, nth) -> Answers.selectTables(given));
            atApproval().complete("Task_ApproveRestore", approving("bob", "take-backup")).awaitTask("Task_WriteAnalysis");
            assertThat(steps.lastInput("cut-over")).containsEntry("conflictDecision", "take-backup");
        }

        @Test
        void asksWhenAScratchCopyFailsTakesTheNextBackupAndDiscardsTheCopyWhenRejected() {
            steps.on("select-backup", (given, nth) -> Answers.selectTables(given))
                    .on("prove-database", (given, nth) -> Map.of("result", Answers.proven(given, "database", nth > 1)))
                    .failing("compare-tables", 1);
            ProcessRun run = recover().decide("Task_ConfirmDiagnosis", "confirm", "alice").decide("Task_DecideFailedStep", "try-again", "bob");
            run.awaitTask("Task_ApproveRestore");
            assertThat(run.variable("failedBackups")).hasToString("[\"orders-3\"]");
            run.decide("Task_ApproveRestore", "reject", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("compare-tables", "discard-restored", "unfence-service").doesNotContain("fence-service", "cut-over");
        }

        private static Map<String, Object> approving(String who, String conflicts) {
            Map<String, Object> variables = new HashMap<>(Map.of(
                    "decision", "approve", "reason", "because the test says so", "decidedBy", who, "decidedAt", "2026-11-23T09:00:00Z"));
            variables.put("conflicts", conflicts);
            return variables;
        }

        @Test
        void restoresTheSameBackupAgainWithoutANewApproval() {
            steps.failing("restore-database", 1);
            ProcessRun run = approved();
            run.awaitTask("Task_DecideFailedRestore");
            assertThat(run.variable("restoredDatabases").get(0).path("failure").path("what").asString())
                    .isEqualTo("restore-database failed in try 1");
            run.decide("Task_DecideFailedRestore", "try-again", "bob").awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(run.timesEntered("Task_ApproveRestore")).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"stop", "", "cut-over"})
        void putsEverythingBackWhenAFailedRestoreIsStopped(String word) {
            steps.failing("restore-files", 9);
            ProcessRun run =
                    approved().decide("Task_DecideFailedRestore", word, "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("discard-restored", "unfence-service").doesNotContain("cut-over");
        }

        @Test
        void putsEverythingBackWhenTheSecondPlanIsRejected() {
            steps.on("prove-database", (given, nth) -> Map.of("result", Answers.proven(given, "database", false)));
            ProcessRun run = approved()
                    .decide("Task_DecideFailedRestore", "next-backup", "bob")
                    .decide("Task_ApproveRestore", "reject", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("discard-restored", "unfence-service").doesNotContain("cut-over");
        }

        @Test
        void asksWhatToDoWhenFencingFails() {
            steps.failing("fence-service", 1);
            ProcessRun run = approved();
            run.awaitTask("Task_DecideFailedRestore");
            assertThat(run.variable("failedStep").asString()).isEqualTo("fence-service");
            run.decide("Task_DecideFailedRestore", "try-again", "bob").awaitTask("Task_WriteAnalysis");
            assertThat(run.variable("failure").isNull()).isTrue();
        }

        @Test
        void looksForABackupAgainWhenSelectingFailed() {
            steps.failing("select-backup", 1);
            confirmed().decide("Task_DecideFailedStep", "try-again", "alice").awaitTask("Task_ApproveRestore");
        }

        @Test
        void changesNothingWhenItIsStoppedAfterSelectingFailed() {
            steps.failing("select-backup", 9);
            ProcessRun run = confirmed().decide("Task_DecideFailedStep", "stop", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("select-backup");
        }

        @Test
        void putsEverythingBackWhenNoBackupIsLeftAndItIsStopped() {
            steps.failing("restore-database", 9);
            ProcessRun run = approved();
            for (int left = Answers.BACKUPS.size() - 1; left > 0; left--) {
                run.decide("Task_DecideFailedRestore", "next-backup", "bob").decide("Task_ApproveRestore", "approve", "bob");
            }
            run.decide("Task_DecideFailedRestore", "next-backup", "bob").decide("Task_DecideFailedStep", "stop", "bob");
            assertThat(run.awaitEnd().outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("discard-restored", "unfence-service");
        }

        @Test
        void asksWhenWhatWasRestoredCannotBeDiscardedAndEndsAsItWasOnceItCan() {
            steps.failing("restore-database", 1).failing("discard-restored", 2);
            ProcessRun run = approved()
                    .decide("Task_DecideFailedRestore", "stop", "bob")
                    .decide("Task_DecideFailedWayOut", "try-again", "bob")
                    .decide("Task_DecideFailedWayOut", "whatever", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("discard-restored", "unfence-service");
        }

        @Test
        void leavesTheWayOutToAPersonOnlyWhenAskedToByName() {
            steps.failing("restore-database", 1).failing("discard-restored", 9);
            ProcessRun run = approved()
                    .decide("Task_DecideFailedRestore", "stop", "bob")
                    .decide("Task_DecideFailedWayOut", "stop", null)
                    .decide("Task_DecideFailedWayOut", "stop", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).doesNotContain("unfence-service");
        }

        @Test
        void asksWhenTheUndoFailsAndGoesOnFromThere() {
            steps.failing("cut-over", 1).failing("swap-back", 1);
            ProcessRun run = approved()
                    .decide("Task_DecideFailedCutOver", "undo", "bob")
                    .decide("Task_DecideFailedUndo", "try-again", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("undone");
            assertThat(steps.calls()).endsWith("swap-back", "unfence-service");
        }

        @Test
        void goesOnFromTheCutOverThatFailed() {
            steps.failing("cut-over", 1);
            ProcessRun run = approved().decide("Task_DecideFailedCutOver", "try-again", "bob");
            run.awaitTask("Task_WriteAnalysis");
            assertThat(steps.calls("restore-database")).isEqualTo(1);
        }

        @Test
        void swapsBackWhenAFailedCutOverIsUndone() {
            steps.failing("unfence-service", 1);
            ProcessRun run =
                    approved().decide("Task_DecideFailedCutOver", "undo", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("undone");
            assertThat(steps.calls()).endsWith("fence-service", "swap-back", "unfence-service");
        }

        @Test
        void asksAgainAfterACutOverUntilTheAnswerIsClear() {
            steps.failing("cut-over", 9);
            ProcessRun run = approved()
                    .decide("Task_DecideFailedCutOver", "whatever", "bob")
                    .decide("Task_DecideFailedCutOver", "undo", null);
            run.awaitTask("Task_DecideFailedCutOver");
            assertThat(steps.calls()).doesNotContain("swap-back");
            run.decide("Task_DecideFailedCutOver", "undo", "bob").awaitEnd();
        }

        @Test
        void staysFencedAndSwapsBackWhenACheckFailsAndIsUndone() {
            steps.always("check-behind-fence", Map.of("behindFence", Answers.health(Map.of("users exist", false))));
            ProcessRun run = approved();
            run.awaitTask("Task_DecideFailedCheck");
            assertThat(steps.calls()).doesNotContain("unfence-service");
            run.decide("Task_DecideFailedCheck", "undo", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("undone");
            assertThat(steps.calls()).endsWith("fence-service", "swap-back", "unfence-service");
        }

        @Test
        void opensTheServiceWhenTheFailedCheckPassesTheSecondTime() {
            steps.on(
                    "check-behind-fence",
                    (given, nth) -> Map.of("behindFence", Answers.health(Map.of("users exist", nth > 1))));
            approved().decide("Task_DecideFailedCheck", "check-again", "bob").awaitTask("Task_WriteAnalysis");
        }

        @Test
        void asksAgainWhenAnotherCheckFailsThanTheOneAccepted() {
            steps.always("check-behind-fence", Map.of("behindFence", Answers.health(Map.of("users exist", false))));
            steps.always(
                    "check-service",
                    Map.of("serviceCheck", Answers.health(Map.of("users exist", false, "front page", false))));
            ProcessRun run = approved().decide("Task_DecideFailedCheck", "accept", "bob");
            run.awaitTask("Task_DecideFailedCheck");
            assertThat(run.variable("acceptedChecks")).hasToString("[\"users exist\"]");
            assertThat(steps.calls()).endsWith("check-service");
            run.decide("Task_DecideFailedCheck", "accept", "bob").awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("proven");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "ok"})
        void acceptsNoFailedCheckByAnUnclearAnswer(String word) {
            steps.always("check-behind-fence", Map.of("behindFence", Answers.health(Map.of("users exist", false))));
            ProcessRun run = approved()
                    .decide("Task_DecideFailedCheck", word, "bob")
                    .decide("Task_DecideFailedCheck", "accept", null);
            run.awaitTask("Task_DecideFailedCheck");
            assertThat(steps.calls()).endsWith("check-behind-fence");
            run.cancel();
        }

        @Test
        void leavesAServiceThatIsMendedByHandAlone() {
            steps.always("collect-evidence", Map.of("evidence", Answers.evidence(Map.of("server", "refused"))));
            steps.on(
                    "check-service",
                    (given, nth) -> Map.of("serviceCheck", Answers.health(Map.of("users exist", nth > 1))));
            ProcessRun run = confirmed().decide("Task_MendByHand", "mended", "alice");
            run.decide("Task_MendByHand", "mended", "alice").awaitTask("Task_WriteAnalysis");
            assertThat(run.outcome()).isEqualTo("mended");
            assertThat(steps.calls())
                    .containsExactly(
                            "open-incident", "collect-evidence", "check-service", "check-service", "notify",
                            "collect-timeline");
        }

        @Test
        void mendsByHandWhatHasNoKnownWayBack() {
            ProcessRun run = recover();
            Map<String, Object> answer = new HashMap<>(
                    Map.of("decision", "confirm", "decidedBy", "alice", "reason", "r", "strategy", "rm -rf"));
            run.complete("Task_ConfirmDiagnosis", answer).decide("Task_MendByHand", "stop", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).containsExactly("open-incident", "collect-evidence");
        }

        @Test
        void endsWhenNothingIsToBeRecovered() {
            steps.always("collect-evidence", Map.of("evidence", Answers.evidence(Map.of())));
            ProcessRun run = confirmed().awaitEnd();
            assertThat(run.outcome()).isEqualTo("nothing");
        }

        @Test
        void takesTheStrategyAndTheTimeAPersonCorrected() {
            ProcessRun run = recover();
            run.complete(
                    "Task_ConfirmDiagnosis",
                    Map.of(
                            "decision", "confirm", "decidedBy", "alice", "reason", "r", "strategy", "restore-all",
                            "damageBegan", "2026-11-23T08:00Z"));
            run.awaitTask("Task_ApproveRestore");
            assertThat(steps.lastInput("select-backup"))
                    .containsEntry("strategy", "restore-all")
                    .containsEntry("damageBegan", "2026-11-23T08:00Z")
                    .containsEntry("restoreTo", "latest");
            run.cancel();
        }

        private ProcessRun recover() {
            return recover(Map.of());
        }

        private ProcessRun recover(Map<String, Object> more) {
            Map<String, Object> variables = new HashMap<>(more);
            variables.put("service", service);
            variables.put("requestedBy", "alice");
            return ProcessRun.start(client, broker.log(), "disaster-recovery", variables);
        }

        private ProcessRun confirmed() {
            return recover().decide("Task_ConfirmDiagnosis", "confirm", "alice");
        }

        private ProcessRun atApproval() {
            ProcessRun run = confirmed();
            run.awaitTask("Task_ApproveRestore");
            return run;
        }

        private ProcessRun approved() {
            return confirmed().decide("Task_ApproveRestore", "approve", "bob");
        }
    }

    @Nested
    class Backup {
        @Test
        void takesChecksCopiesRecordsAndExpires() {
            ProcessRun run = backup().awaitEnd();
            assertThat(run.outcome()).isEqualTo("done");
            assertThat(steps.calls()).startsWith("plan-backup").endsWith("copy-offsite", "record-backup", "expire-backups");
            assertThat(steps.calls().subList(1, 7))
                    .containsExactlyInAnyOrder(
                            "dump-database", "base-backup", "sync-files", "check-backup", "check-backup", "check-backup");
        }

        @Test
        void plansAnewWhenAFailedBackupIsTriedAgain() {
            steps.failing("dump-database", 1);
            ProcessRun run =
                    backup().decide("Task_DecideFailedBackup", "retry", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("done");
            assertThat(steps.calls("plan-backup")).isEqualTo(2);
            assertThat(steps.calls("notify")).isEqualTo(1);
        }

        @Test
        void asksEvenWhenNotEvenThePlanCouldBeMade() {
            steps.failing("plan-backup", 9);
            ProcessRun run =
                    backup().decide("Task_DecideFailedBackup", "give-up", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed");
            assertThat(steps.calls()).containsExactly("plan-backup", "notify");
        }

        @Test
        void expiresNothingWhenItIsGivenUp() {
            steps.failing("check-backup", 9);
            ProcessRun run =
                    backup().decide("Task_DecideFailedBackup", "whatever", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed");
            assertThat(steps.calls()).doesNotContain("record-backup", "expire-backups");
        }

        @Test
        void staysLocalWhenTheOffsiteStoreIsNotThere() {
            steps.failing("copy-offsite", 9);
            ProcessRun run =
                    backup().decide("Task_DecideOffsiteCopy", "stay-local", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("done-without-offsite");
            assertThat(steps.calls()).endsWith("record-backup", "expire-backups");
        }

        @Test
        void copiesAgainWithoutTakingTheBackupAgain() {
            steps.failing("copy-offsite", 1);
            ProcessRun run =
                    backup().decide("Task_DecideOffsiteCopy", "retry", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("done");
            assertThat(steps.calls("dump-database")).isEqualTo(1);
        }

        @Test
        void passesOverWhatAPlanDoesNotHave() {
            steps.always(
                    "plan-backup",
                    Map.of(
                            "databases", List.of(),
                            "clusters", List.of(),
                            "fileSets", List.of(Map.of("name", "uploads", "backup", "uploads-4")),
                            "backups", List.of("uploads-4"),
                            "copies", List.of(),
                            "escalateAfter", "PT10M"));
            assertThat(backup().awaitEnd().outcome()).isEqualTo("done");
            assertThat(steps.calls())
                    .containsExactly("plan-backup", "sync-files", "check-backup", "record-backup", "expire-backups");
        }

        @Test
        void takesNothingWhileAnotherRunTakesTheSame() {
            steps.always(
                    "plan-backup",
                    Map.of(
                            "databases", List.of(),
                            "clusters", List.of(),
                            "fileSets", List.of(),
                            "backups", List.of(),
                            "copies", List.of(),
                            "skippedFor", "2251799813685249",
                            "escalateAfter", "PT10M"));
            assertThat(backup().awaitEnd().outcome()).isEqualTo("skipped");
            assertThat(steps.calls()).containsExactly("plan-backup", "record-backup", "expire-backups");
        }

        private ProcessRun backup() {
            return ProcessRun.start(
                    client,
                    broker.log(),
                    "backup",
                    Map.of("service", service, "kind", "all", "requestedBy", "alice", "trigger", "manual"));
        }
    }

    @Nested
    class CheckBackups {
        @Test
        void readsEveryCopyThatIsDueAndAsksNobodyWhenAllAreGood() {
            ProcessRun run = check().awaitEnd();
            assertThat(run.outcome()).isEqualTo("good");
            assertThat(steps.calls()).containsExactly("plan-check", "recheck-copy", "recheck-copy");
            assertThat(run.variable("checked")).hasSize(2);
        }

        @Test
        void aDamagedCopyIsToldAndLookedIntoAndTheOthersAreReadAllTheSame() {
            steps.on("recheck-copy", (variables, attempt) -> Answers.rechecked(variables, attempt == 1 ? "damaged" : "good"));
            ProcessRun run = check();
            run.awaitTask("Task_LookIntoDamagedBackup");
            assertThat(steps.calls()).containsExactly("plan-check", "recheck-copy", "recheck-copy", "notify");
            assertThat(run.decide("Task_LookIntoDamagedBackup", "noted", "alice").awaitEnd().outcome()).isEqualTo("damaged");
            assertThat(run.variable("checked").get(0).path("state").asString()).isEqualTo("damaged");
        }

        @Test
        void aStoreThatCannotBeReadIsToldAndTriedAgain() {
            steps.failing("recheck-copy", 1);
            ProcessRun run = check().decide("Task_LookIntoDamagedBackup", "check-again", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("good");
            assertThat(steps.calls("plan-check")).isEqualTo(2);
            assertThat(steps.lastInput("notify").get("failure")).isNotNull();
        }

        @Test
        void givingUpOnAStoreThatCannotBeReadIsNoGoodEnd() {
            steps.failing("recheck-copy", 9);
            ProcessRun run = check().decide("Task_LookIntoDamagedBackup", "whatever", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed");
        }

        @Test
        void whereNothingIsDueNothingIsRead() {
            steps.always("plan-check", Map.of("copies", List.of(), "until", "2026-11-23T11:00:00Z", "escalateAfter", "PT10M"));
            assertThat(check().awaitEnd().outcome()).isEqualTo("good");
            assertThat(steps.calls()).containsExactly("plan-check");
        }

        private ProcessRun check() {
            return ProcessRun.start(
                    client, broker.log(), "check-backups", Map.of("service", service, "requestedBy", "alice", "trigger", "manual"));
        }
    }

    @Nested
    class UndoRecovery {
        @Test
        void swapsBackWhenAnotherPersonApproves() {
            ProcessRun run = undo().decide("Task_ApproveUndo", "approve", "alice")
                    .decide("Task_ApproveUndo", "approve", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("undone");
            assertThat(steps.calls())
                    .containsExactly(
                            "fence-service", "swap-back", "check-behind-fence", "unfence-service", "check-service");
        }

        @Test
        void leavesEverythingWhenItIsRejected() {
            ProcessRun run = undo().decide("Task_ApproveUndo", "reject", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).isEmpty();
        }

        @Test
        void takesSilenceForARejection() throws Exception {
            ProcessRun run = undo();
            run.awaitTask("Task_ApproveUndo");
            broker.advanceClock(Duration.ofHours(25));
            assertThat(run.awaitEnd().outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).doesNotContain("fence-service");
        }

        @Test
        void asksWhatToDoWhenSwappingBackFails() {
            steps.failing("swap-back", 1);
            ProcessRun run = undo().decide("Task_ApproveUndo", "approve", "bob")
                    .decide("Task_DecideFailedStep", "try-again", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("undone");
        }

        @Test
        void letsApplicationsInWhenItIsStopped() {
            steps.failing("swap-back", 9);
            ProcessRun run = undo().decide("Task_ApproveUndo", "approve", "bob")
                    .decide("Task_DecideFailedStep", "stop", "bob")
                    .awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).endsWith("swap-back", "unfence-service");
        }

        private ProcessRun undo() {
            return ProcessRun.start(
                    client,
                    broker.log(),
                    "undo-recovery",
                    Map.of(
                            "service", service,
                            "incident", service + "-1",
                            "requestedBy", "alice",
                            "requestReason", "wrong backup",
                            "restorePlan", Map.of("databases", List.of(), "fileSets", List.of()),
                            "fourEyes", true,
                            "approvers", 1,
                            "escalateAfter", "PT10M",
                            "expireAfter", "PT24H"));
        }
    }

    @Nested
    class Drill {
        @Test
        void restoresByTheProcessesOfARecoveryAndTearsDown() {
            ProcessRun run = drill().awaitEnd();
            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(steps.calls())
                    .startsWith("open-drill", "prepare-drill")
                    .containsSubsequence("prepare-drill", "restore-database", "prove-database", "score-drill")
                    .containsSubsequence("prepare-drill", "restore-files", "prove-files", "score-drill")
                    .endsWith("score-drill", "tear-down-drill", "write-evidence")
                    .doesNotContain("fence-service", "cut-over", "unfence-service", "notify");
            assertThat(steps.lastInput("restore-database")).containsEntry("incident", "DRILL-1");
        }

        @Test
        void tellsWhenAnObjectiveIsMissed() {
            steps.always("write-evidence", Map.of("drillResult", Answers.drilled(true, false), "evidencePath", "/x"));
            assertThat(drill().awaitEnd().outcome()).isEqualTo("proven");
            assertThat(steps.calls()).endsWith("tear-down-drill", "write-evidence", "notify");
        }

        @ParameterizedTest
        @ValueSource(strings = {"prepare-drill", "score-drill"})
        void tearsDownAndAsksAPersonWhenAStepFails(String step) {
            steps.failing(step, 9);
            ProcessRun run = drill();
            run.awaitTask("Task_ReviewFailedDrill");
            assertThat(run.variable("outcome").asString()).isEqualTo("failed");
            assertThat(steps.calls()).endsWith(step, "tear-down-drill", "write-evidence", "notify");
            assertThat(run.decide("Task_ReviewFailedDrill", "close", "alice").awaitEnd().outcome()).isEqualTo("failed");
            assertThat(steps.calls("tear-down-drill")).isEqualTo(1);
        }

        @Test
        void scoresWhatCouldNotBeRestoredAsWell() {
            steps.failing("restore-database", 9).always("score-drill", Map.of("score", Map.of("proven", false)));
            steps.always("write-evidence", Map.of("drillResult", Answers.drilled(false, false), "evidencePath", "/x"));
            ProcessRun run = drill().decide("Task_ReviewFailedDrill", "close", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed");
            assertThat(steps.calls()).containsSubsequence("score-drill", "tear-down-drill", "write-evidence", "notify");
        }

        @Test
        void drillsAgainFromTheStartWhenAPersonSaysSo() {
            steps.failing("prepare-drill", 1);
            ProcessRun run = drill().decide("Task_ReviewFailedDrill", "drill-again", "alice").awaitEnd();
            assertThat(run.outcome()).isEqualTo("proven");
            assertThat(steps.calls("open-drill")).isEqualTo(2);
            assertThat(run.variable("failure").isNull()).isTrue();
        }

        @Test
        void takesAnyWordButDrillAgainForTheEnd() {
            steps.failing("prepare-drill", 1);
            assertThat(drill().decide("Task_ReviewFailedDrill", "maybe", "alice").awaitEnd().outcome()).isEqualTo("failed");
            assertThat(steps.calls("open-drill")).isEqualTo(1);
        }

        @Test
        void beginsWhenThePlansScheduleIsDue() throws Exception {
            String due = "due-" + System.nanoTime();
            Script scheduled = runbook.script(due);
            Service shop = new Service(due, Objectives.DEFAULT, Map.of(), Map.of("uploads", new FileSet("uploads", Path.of("/data/uploads"))),
                    List.of(), List.of(), Approvals.DEFAULT, Optional.of("0 0 * * * *"), Recheck.DEFAULT);
            RecoveryPlan plan = new RecoveryPlan(Path.of("/plan.yaml"), "0".repeat(64), Map.of(due, shop),
                    Map.of("local", new StorePlan.Directory("local", Path.of("/backups"))), Optional.empty(), List.of(),
                    new EnginePlan.Embedded(), new StatePlan.Embedded());
            new Schedules(client, new History(ThrowawayPostgres.shared().dataSource("postgres")), plan, Clock.systemUTC()).deploy();
            assertThat(scheduled.calls()).isEmpty();

            broker.advanceClock(Duration.ofMinutes(61));
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> scheduled.calls().contains("write-evidence"));
            assertThat(scheduled.lastInput("open-drill")).containsEntry("requestedBy", "schedule").containsEntry("trigger", "schedule");
        }

        private ProcessRun drill() {
            return ProcessRun.start(
                    client,
                    broker.log(),
                    "drill",
                    Map.of("service", service, "requestedBy", "alice", "trigger", "manual"));
        }
    }

    @Nested
    class SwitchoverAndRejoin {
        private ProcessRun start(String process) {
            return ProcessRun.start(
                    client, broker.log(), process, Map.of("service", service, "requestedBy", "alice", "toNode", "pg2"));
        }

        @Test
        void handsOverAfterAnApprovalAndRebuildsTheOldPrimary() {
            ProcessRun run = start("switchover").decide("Task_ApproveSwitchover", "approve", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("switched-over");
            assertThat(steps.calls()).containsExactly(
                    "open-switchover", "switch-over", "repoint-clients", "prove-writes", "rebuild-redundancy", "notify");
        }

        @Test
        void changesNothingWhenTheSwitchoverIsRejected() {
            ProcessRun run = start("switchover").decide("Task_ApproveSwitchover", "reject", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).containsExactly("open-switchover");
        }

        @Test
        void buildsAStandbyAfterAnApprovalAndTriesAgainWhenAPersonSaysSo() {
            steps.failing("build-standby", 1);
            ProcessRun run = start("rejoin").decide("Task_ApproveRejoin", "approve", "bob");
            run.decide("Task_DecideFailedStep", "try-again", "carol").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejoined");
            assertThat(steps.calls()).containsExactly(
                    "open-rejoin", "prepare-primary", "build-standby", "prepare-primary", "build-standby", "notify");
        }
    }

    @Nested
    class Failover {
        private ProcessRun failover() {
            return ProcessRun.start(client, broker.log(), "failover", Map.of("service", service, "requestedBy", "alice"));
        }

        @Test
        void actsWithoutApprovalOnlyWhenThePlanSaysSo() {
            steps.always("witness-primary", Map.of("verdict", Map.of("gone", true, "primary", "pg1"), "mayAct", true, "approvalText", "-"));
            assertThat(failover().awaitEnd().outcome()).isEqualTo("failed-over");
            assertThat(steps.calls()).containsExactly("open-failover", "witness-primary", "fence-primary", "promote-standby",
                    "repoint-clients", "prove-writes", "rebuild-redundancy", "notify");
        }

        @Test
        void changesNothingWhileThePrimaryMayBeAlive() {
            steps.always("witness-primary", Map.of("verdict", Map.of("gone", false, "primary", "pg1"), "mayAct", true, "approvalText", "-"));
            assertThat(failover().awaitEnd().outcome()).isEqualTo("primary-alive");
            assertThat(steps.calls()).containsExactly("open-failover", "witness-primary");
        }

        @Test
        void changesNothingWhenItIsRejectedOrApprovedByWhoAskedForIt() {
            ProcessRun run = failover();
            run.decide("Task_ApproveFailover", "approve", "alice").decide("Task_ApproveFailover", "reject", "bob").awaitEnd();
            assertThat(run.outcome()).isEqualTo("rejected");
            assertThat(steps.calls()).endsWith("witness-primary");
        }

        @Test
        void goesOnAfterAFailedFenceOnlyWhenAPersonSaysThatTheOldPrimaryIsCutOff() {
            steps.failing("fence-primary", 1);
            ProcessRun run = failover();
            run.decide("Task_ApproveFailover", "approve", "bob");
            run.decide("Task_DecideFailedFailover", "fenced-by-hand", "carol").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed-over");
            assertThat(steps.lastInput("fence-primary")).containsEntry("fencedByHand", "carol");
        }

        @Test
        void promotesNobodyWhenAPersonStopsAfterAFailedFence() {
            steps.failing("fence-primary", 9);
            ProcessRun run = failover();
            run.decide("Task_ApproveFailover", "approve", "bob").decide("Task_DecideFailedFailover", "stop", "carol").awaitEnd();
            assertThat(run.outcome()).isEqualTo("stopped");
            assertThat(steps.calls()).doesNotContain("promote-standby");
        }

        @Test
        void staysOnTheNewPrimaryWhenAStandbyCannotBeRebuilt() {
            steps.failing("rebuild-redundancy", 9);
            ProcessRun run = failover();
            run.decide("Task_ApproveFailover", "approve", "bob").decide("Task_DecideFailedRebuild", "stop", "carol").awaitEnd();
            assertThat(run.outcome()).isEqualTo("failed-over");
        }
    }

    @Nested
    class PostIncident {
        @Test
        void sendsTheAnalysisBackUntilItIsAccepted() {
            ProcessRun run = ProcessRun.start(
                    client,
                    broker.log(),
                    "post-incident",
                    Map.of("service", service, "incident", "i-1", "requestedBy", "alice", "escalateAfter", "PT10M"));
            run.complete("Task_WriteAnalysis", analysis()).decide("Task_ReviewAnalysis", "send-back", "bob");
            run.awaitTask("Task_WriteAnalysis");
            assertThat(steps.calls()).containsExactly("collect-timeline");
            run.complete("Task_WriteAnalysis", analysis()).decide("Task_ReviewAnalysis", "accept", "bob");
            run.awaitEnd();
            assertThat(run.variable("analysis").path("rootCause").asString()).isEqualTo("a statement without WHERE");
            assertThat(run.variable("analysedBy").asString()).isEqualTo("alice");
            assertThat(steps.calls()).containsExactly("collect-timeline", "write-report", "close-incident");
        }
    }

    private static Map<String, Object> analysis() {
        return Map.of(
                "summary", "rows were deleted",
                "rootCause", "a statement without WHERE",
                "impact", "ten minutes",
                "actions", "ask before deleting — alice — 2026-12-01",
                "decidedBy", "alice");
    }

    private static Map<String, Object> with(Map<String, Object> answer, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(answer);
        changed.put(name, value);
        return changed;
    }
}
