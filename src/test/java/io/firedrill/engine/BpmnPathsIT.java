package io.firedrill.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import io.firedrill.engine.FakeRunbook.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        runbook = new FakeRunbook(client);
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
            assertThat(steps.calls().subList(1, 5))
                    .containsExactlyInAnyOrder("dump-database", "sync-files", "check-backup", "check-backup");
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
                            "fileSets", List.of(Map.of("name", "uploads", "backup", "uploads-4")),
                            "backups", List.of("uploads-4"),
                            "copies", List.of(),
                            "escalateAfter", "PT10M"));
            assertThat(backup().awaitEnd().outcome()).isEqualTo("done");
            assertThat(steps.calls())
                    .containsExactly("plan-backup", "sync-files", "check-backup", "record-backup", "expire-backups");
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
