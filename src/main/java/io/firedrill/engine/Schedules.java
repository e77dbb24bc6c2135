package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientStatusException;
import io.camunda.zeebe.model.bpmn.Bpmn;
import io.camunda.zeebe.model.bpmn.BpmnModelInstance;
import io.firedrill.history.History;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan's schedules as timer start events in the engine: one small process per entry that calls {@code backup}. They
 * live in the engine, so any number of servers fires each of them once. A changed entry gets a new version (which
 * replaces the old timer), a removed entry's process is deleted.
 */
public final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final String PREFIX = "backup-schedule-";

    private final CamundaClient client;
    private final History history;
    private final RecoveryPlan plan;

    public Schedules(CamundaClient client, History history, RecoveryPlan plan) {
        this.client = client;
        this.history = history;
        this.plan = plan;
    }

    /** Makes the engine's timers those of the plan. */
    public void deploy() {
        Map<String, BpmnModelInstance> wanted = wanted();
        wanted.forEach((id, model) -> client.newDeployResourceCommand()
                .addProcessModel(model, id + ".bpmn")
                .send()
                .join());
        history.processDefinitions(PREFIX).forEach((id, versions) -> {
            if (!wanted.containsKey(id)) {
                // Oldest first: with the newest gone, an older version's timer would be live again.
                versions.forEach(key -> remove(id, key));
            }
        });
    }

    private Map<String, BpmnModelInstance> wanted() {
        Map<String, BpmnModelInstance> models = new LinkedHashMap<>();
        for (Service service : plan.services().values()) {
            int number = 0;
            for (BackupEntry entry : service.backups()) {
                number++;
                if (entry.schedule().isPresent()) {
                    String id = PREFIX + service.name() + "-" + entry.kind().word() + "-" + number;
                    models.put(id, model(id, service.name(), entry, entry.schedule().get()));
                }
            }
        }
        return models;
    }

    private static BpmnModelInstance model(String id, String service, BackupEntry entry, String schedule) {
        return Bpmn.createExecutableProcess(id)
                .name("Backup schedule of " + service + ", " + entry.kind().word())
                .startEvent("StartEvent_Due")
                .name("Backup due")
                .timerWithCycle(schedule)
                .callActivity("Task_Backup")
                .name("Take the backup")
                .zeebeProcessId("backup")
                .zeebeInputExpression(quoted(service), "service")
                .zeebeInputExpression(quoted(entry.kind().word()), "kind")
                .zeebeInputExpression(quoted("schedule"), "requestedBy")
                .zeebeInputExpression(quoted("schedule"), "trigger")
                .endEvent("EndEvent_Done")
                .name("Backup process ended")
                .done();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private void remove(String id, long key) {
        try {
            client.newDeleteResourceCommand(key).send().join();
            LOG.info("removed {}: the plan does not have it any more", id);
        } catch (ClientStatusException e) {
            if (e.getStatusCode() != Status.Code.NOT_FOUND) {
                throw e;
            }
        }
    }
}
