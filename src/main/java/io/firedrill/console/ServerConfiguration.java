package io.firedrill.console;

import io.camunda.client.CamundaClient;
import io.firedrill.audit.AnchorKey;
import io.firedrill.audit.Anchoring;
import io.firedrill.audit.Anchors;
import io.firedrill.audit.AuditTrail;
import io.firedrill.backup.Backups;
import io.firedrill.backup.RepositoryCatalog;
import io.firedrill.backup.StoredBackups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.ResilientCatalog;
import io.firedrill.console.access.FirstSignIn;
import io.firedrill.console.access.Recorder;
import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Probes;
import io.firedrill.drill.DrilledRecoveries;
import io.firedrill.drill.Drills;
import io.firedrill.drill.EvidencePack;
import io.firedrill.drill.ScratchPlaces;
import io.firedrill.engine.Deployment;
import io.firedrill.engine.EmbeddedServices;
import io.firedrill.engine.EngineClient;
import io.firedrill.engine.EngineStartup;
import io.firedrill.engine.Home;
import io.firedrill.engine.ProgressBoard;
import io.firedrill.engine.Runs;
import io.firedrill.engine.Schedules;
import io.firedrill.engine.StepWorkers;
import io.firedrill.history.BackupTurns;
import io.firedrill.history.History;
import io.firedrill.history.StartTurns;
import io.firedrill.history.report.IncidentReports;
import io.firedrill.notification.Notifier;
import io.firedrill.physical.WalReceivers;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.BesideRecovery;
import io.firedrill.recovery.Recovery;
import io.firedrill.replication.Replications;
import io.firedrill.runbook.BackupRun;
import io.firedrill.runbook.CheckBackups;
import io.firedrill.runbook.DisasterRecovery;
import io.firedrill.runbook.Drill;
import io.firedrill.runbook.Failover;
import io.firedrill.runbook.PostIncident;
import io.firedrill.runbook.Rejoin;
import io.firedrill.runbook.Switchover;
import io.firedrill.runbook.RestoreDatabase;
import io.firedrill.runbook.ProtectAgain;
import io.firedrill.runbook.RestoreFiles;
import io.firedrill.runbook.RestoreServer;
import io.firedrill.runbook.ServerSwaps;
import io.firedrill.runbook.Telling;
import io.firedrill.store.Keys;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/** Puts the parts together. The domain is made by hand here, so that it knows no framework. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@ComponentScan
class ServerConfiguration {
    private static final Duration OUTBOX_EVERY = Duration.ofSeconds(2);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    // What runs beside the server.

    @Bean
    EmbeddedServices embeddedServices(Home home, Path dist, RecoveryPlan plan) {
        return EmbeddedServices.start(home, dist, plan);
    }

    @Bean
    DataSource stateDatabase(EmbeddedServices services) {
        return StateDataSource.of(services.stateDatabase());
    }

    // The domain.

    @Bean
    Stores stores(RecoveryPlan plan, Home home) {
        Stores stores = Stores.open(plan, home.stores());
        stores.requireAble();
        return stores;
    }

    @Bean
    Keys keys(RecoveryPlan plan) {
        return Keys.of(plan);
    }

    @Bean
    StateSchema stateSchema(DataSource stateDatabase, FirstSignIn firstSignIn) {
        return new StateSchema(stateDatabase, firstSignIn::prepare);
    }

    @Bean
    History history(DataSource stateDatabase) {
        return new History(stateDatabase);
    }

    @Bean
    BackupTurns backupTurns(DataSource stateDatabase, History history, Clock clock) {
        return new BackupTurns(stateDatabase, history, clock);
    }

    @Bean
    StartTurns startTurns(DataSource stateDatabase, History history, Clock clock) {
        return new StartTurns(stateDatabase, history, clock);
    }

    @Bean
    BackupChecks backupChecks(Catalog catalog, Backups backups) {
        return new BackupChecks(catalog, backups);
    }

    @Bean
    IncidentReports incidentReports(History history, RecoveryPlan plan, Home home, Clock clock) {
        return new IncidentReports(history, plan, home.reports(), clock);
    }

    @Bean
    Catalog catalog(DataSource stateDatabase, RecoveryPlan plan, Stores stores, Clock clock) {
        return RepositoryCatalog.over(new ResilientCatalog(stateDatabase, stores, clock), plan, stores, clock);
    }

    @Bean
    Backups backups(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        return new StoredBackups(plan, stores, keys, catalog, clock);
    }

    @Bean
    WalReceivers walReceivers(RecoveryPlan plan, Stores stores, Keys keys, Home home, Clock clock, Notifier notifier) {
        return WalReceivers.start(plan, stores, keys, home.wal(), notifier::send, clock);
    }

    @Bean
    Recovery recovery(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, History history, Home home, Clock clock) {
        return new BesideRecovery(plan, stores, keys, catalog, new DrilledRecoveries(history), home.recoveries(), home.wal(), clock);
    }

    @Bean
    Diagnosis diagnosis(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        return new Probes(plan, stores, keys, catalog, clock);
    }

    @Bean
    Drills drills(RecoveryPlan plan, Stores stores, Recovery recovery, History history, Home home, Clock clock) {
        return new Drills(recovery, new ScratchPlaces(home.drills(), history), new EvidencePack(plan, stores, history, home.reports(), clock));
    }

    @Bean
    Replications replications(RecoveryPlan plan, Clock clock) {
        return new Replications(plan, clock);
    }

    @Bean
    StateOutbox outbox(DataSource stateDatabase, Clock clock) {
        return new StateOutbox(stateDatabase, clock);
    }

    @Bean
    Notifier notifier(RecoveryPlan plan, StateOutbox outbox) {
        Notifier notifier = new Notifier(plan.notifyTargets(), plan.console().address(), outbox);
        outbox.start(notifier, OUTBOX_EVERY);
        return notifier;
    }

    @Bean
    Anchors anchors(RecoveryPlan plan, Stores stores, Home home) {
        List<Store> all = stores.all();
        Path keyFile = plan.audit().keyFile().orElse(home.audit().resolve("anchor.key"));
        return new Anchors(all.size() > 1 ? all.subList(1, all.size()) : all, AnchorKey.ofFile(keyFile), plan.audit().lockAnchors());
    }

    @Bean
    Anchoring anchoring(RecoveryPlan plan, AuditTrail trail, Anchors anchors, Clock clock) {
        return new Anchoring(trail, anchors, clock, Recorder.node()).start(plan.audit().anchorEvery());
    }

    // What is watched all the time.

    @Bean
    BackupMetrics backupMetrics(MeterRegistry registry, RecoveryPlan plan, Notifier notifier, StepWorkers workers) {
        return new BackupMetrics(registry, plan, notifier, workers);
    }

    @Bean
    BackupWatch backupWatch(
            RecoveryPlan plan, Catalog catalog, Notifier notifier, DataSource stateDatabase, BackupMetrics metrics, Clock clock) {
        return new BackupWatch(plan, catalog, notifier, new Alarms(stateDatabase), clock).start(metrics::update);
    }

    @Bean
    ReplicationWatch replicationWatch(
            RecoveryPlan plan,
            Replications replications,
            Runs runs,
            StartTurns starts,
            History history,
            Notifier notifier,
            MeterRegistry registry,
            Clock clock) {
        return new ReplicationWatch(plan, replications, runs, starts, new ServerChanges(history), notifier, new ReplicationMetrics(registry), clock)
                .start();
    }

    // The engine.

    @Bean
    CamundaClient camundaClient(EmbeddedServices services) {
        return EngineClient.connect(services.engine());
    }

    @Bean
    Runs runs(CamundaClient client, JsonMapper json) {
        return new Runs(client, json);
    }

    @Bean
    ProgressBoard progressBoard(Clock clock) {
        return new ProgressBoard(clock);
    }

    @Bean
    EngineStartup engineStartup(
            CamundaClient client,
            Runs runs,
            EmbeddedServices services,
            History history,
            RecoveryPlan plan,
            StepWorkers workers,
            Clock clock) {
        Schedules schedules = new Schedules(client, history, plan, clock);
        return new EngineStartup(client, runs, services.engine(), List.of(schedules::deploy, workers::open));
    }

    @Bean
    StepWorkers stepWorkers(
            CamundaClient client,
            JsonMapper json,
            ProgressBoard progress,
            RecoveryPlan plan,
            Backups backups,
            Catalog catalog,
            Diagnosis diagnosis,
            Recovery recovery,
            History history,
            BackupTurns turns,
            IncidentReports reports,
            Drills drills,
            Replications replications,
            Notifier notifier,
            Clock clock) {
        return new StepWorkers(
                client,
                json,
                progress,
                Deployment.caughtFailures(),
                List.of(
                        new BackupRun(plan, backups, catalog, turns, clock),
                        new CheckBackups(plan, backups, turns, clock),
                        new DisasterRecovery(plan, diagnosis, recovery, clock),
                        new RestoreDatabase(recovery),
                        new RestoreFiles(recovery),
                        new RestoreServer(recovery),
                        new ServerSwaps(recovery),
                        new ProtectAgain(recovery),
                        new PostIncident(history, reports, clock),
                        new Drill(plan, drills, clock),
                        new Failover(plan, replications, clock),
                        new Switchover(plan, replications, clock),
                        new Rejoin(plan, replications, clock),
                        new Telling(notifier)));
    }

    // The web.

    @Bean
    Operations operations(
            RecoveryPlan plan,
            Runs runs,
            History history,
            Diagnosis diagnosis,
            BackupTurns turns,
            StartTurns starts,
            Catalog catalog,
            Recovery recovery,
            Clock clock) {
        return new Operations(plan, new RunStarts(runs), history, diagnosis, turns, starts, catalog, recovery, clock);
    }

    @Bean
    Alerts alerts(RecoveryPlan plan, Operations operations, History history, DataSource stateDatabase, Clock clock) {
        return new Alerts(plan, operations::recover, history, stateDatabase, clock);
    }

    @Bean
    ReplicationOperations replicationOperations(Replications replications, Runs runs, StartTurns starts, History history) {
        return new ReplicationOperations(replications, runs, starts, new ServerChanges(history));
    }

    @Bean
    BackupViews backupViews(Catalog catalog, Stores stores, Keys keys) {
        return new BackupViews(catalog, stores, keys);
    }

    @Bean
    RunDetails runDetails(History history, ProgressBoard progress, Runs runs) {
        return new RunDetails(history, progress, runs);
    }

    @Bean
    DrillFiles drillFiles(Home home) {
        return new DrillFiles(home);
    }

    @Bean
    RunSteering runSteering(History history, Runs runs, Clock clock) {
        return new RunSteering(history, runs, clock);
    }

    @Bean
    Standings standings(
            RecoveryPlan plan, Catalog catalog, History history, BackupWatch watch, WalReceivers wal, Clock clock) {
        return new Standings(plan, catalog, history, watch, wal, clock);
    }

    @Bean
    Decisions decisions(History history, Runs runs, JsonMapper json, Clock clock) {
        return new Decisions(history, runs, json, clock);
    }

    @Bean
    WebMvcConfigurer actorArgument() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new ActorArgument());
            }
        };
    }
}
