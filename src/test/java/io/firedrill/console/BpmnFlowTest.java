package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** On the processes as they are deployed: what may be left out of them. */
class BpmnFlowTest {
    private static BpmnFlow flow(String process) throws IOException {
        return BpmnFlow.read(Files.readString(Path.of("bpmn", process + ".bpmn")));
    }

    @Test
    void aStepKnowsItsJobAndWhatFollows() throws IOException {
        assertThat(flow("backup").job("Task_ExpireBackups")).contains("expire-backups");
        assertThat(flow("backup").next("Task_ExpireBackups")).contains("EndEvent_BackupDone");
        assertThat(flow("post-incident").next("Task_CollectTimeline")).isPresent();
        assertThat(flow("backup").outputs("Task_ExpireBackups")).isEmpty();
    }

    @Test
    void whatARecoverysLastNotificationSetsIsWhatSkippingItSets() throws IOException {
        assertThat(flow("disaster-recovery").outputs("Task_NotifyRecovered")).containsExactly(
                entry("outcome", RunSteering.RECOVERED_OUTCOME));
        assertThat(flow("disaster-recovery").next("Task_NotifyRecovered")).contains("CallActivity_ProtectAgain");
    }

    @Test
    void stepsThatStandForSeveralHaveNoWayPastThem() throws IOException {
        assertThat(flow("backup").next("Task_DumpDatabase")).isEmpty();
    }

    @Test
    void aFileThatIsNoBpmnHasNothingInIt() {
        assertThat(BpmnFlow.read("no xml").job("Task_ExpireBackups")).isEmpty();
        assertThat(BpmnFlow.read("").next("Task_ExpireBackups")).isEmpty();
    }
}
