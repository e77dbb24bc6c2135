package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientStatusException;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.grpc.Status;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan's schedules as timer start events in the engine: one small process per entry that calls the process that is
 * due. They live in the engine, so any number of servers fires each of them once. A changed entry gets a new version
 * (which replaces the old timer), a removed entry's process is deleted, an unchanged one is left alone. The engine
 * evaluates them in the time zone of its brokers, which the plan's {@code timeZone} has to name.
 */
public final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
    private static final String BACKUPS = "backup-schedule-";
    private static final String CHECKS = "check-schedule-";
    private static final String DRILLS = "drill-schedule-";

    private final CamundaClient client;
    private final History history;
    private final RecoveryPlan plan;
    private final Clock clock;

    public Schedules(CamundaClient client, History history, RecoveryPlan plan, Clock clock) {
        this.client = client;
        this.history = history;
        this.plan = plan;
        this.clock = clock;
    }

    /** Makes the engine's timers those of the plan. */
    public void deploy() {
        Map<String, ScheduleProcess> wanted = wanted();
        wanted.values().forEach(schedule -> client.newDeployResourceCommand()
                .addResourceBytes(schedule.bpmn(), schedule.id() + ".bpmn")
                .send()
                .join());
        try {
            removeAllBut(wanted);
        } catch (FailureException e) {
            // Recovery must not wait for the state database; what the plan does not have any more goes at the next start.
            LOG.warn("schedules that the plan may not have any more stay for now: {}", e.getMessage());
        }
    }

    private void removeAllBut(Map<String, ScheduleProcess> wanted) {
        List.of(BACKUPS, CHECKS, DRILLS).forEach(prefix -> history.processDefinitions(prefix).forEach((id, versions) -> {
            if (!wanted.containsKey(id)) {
                // Oldest first: with the newest gone, an older version's timer would be live again.
                versions.forEach(key -> remove(id, key));
            }
        }));
    }

    private Map<String, ScheduleProcess> wanted() {
        Map<String, ScheduleProcess> schedules = new LinkedHashMap<>();
        for (Service service : plan.services().values()) {
            int number = 0;
            for (BackupEntry entry : service.backups()) {
                number++;
                if (entry.schedule().isPresent()) {
                    add(schedules, backup(service.name(), entry, number, entry.schedule().get()));
                }
            }
            add(schedules, check(service));
            service.drillSchedule().ifPresent(cron -> add(schedules, drill(service.name(), cron)));
        }
        return schedules;
    }

    private static void add(Map<String, ScheduleProcess> schedules, ScheduleProcess schedule) {
        schedules.put(schedule.id(), schedule);
    }

    private ScheduleProcess backup(String service, BackupEntry entry, int number, String cron) {
        String kind = entry.kind().word();
        return schedule(
                BACKUPS + service + "-" + kind + "-" + number,
                "Backup schedule of " + service + ", " + kind,
                "backup",
                cron,
                Map.of("service", service, "kind", kind));
    }

    private ScheduleProcess check(Service service) {
        return schedule(
                CHECKS + service.name(),
                "Check schedule of the backups of " + service.name(),
                "check-backups",
                service.recheck().schedule(),
                Map.of("service", service.name()));
    }

    private ScheduleProcess drill(String service, String cron) {
        return schedule(
                DRILLS + service, "Drill schedule of " + service, "drill", cron, Map.of("service", service));
    }

    private ScheduleProcess schedule(String id, String name, String calls, String cron, Map<String, String> variables) {
        Map<String, String> all = new TreeMap<>(variables);
        all.put("requestedBy", "schedule");
        all.put("trigger", "schedule");
        return new ScheduleProcess(
                id, name, calls, cron, plan.timeZone(), MissingHour.madeUpFor(cron, plan.timeZone(), clock.instant()), all);
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
