package io.firedrill.console;

import io.camunda.client.CamundaClient;
import io.firedrill.backup.Backups;
import io.firedrill.backup.StoredBackups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.ResilientCatalog;
import io.firedrill.diagnosis.Diagnosis;
import io.firedrill.diagnosis.Probes;
import io.firedrill.engine.Deployment;
import io.firedrill.engine.EmbeddedServices;
import io.firedrill.engine.EngineClient;
import io.firedrill.engine.EngineStartup;
import io.firedrill.engine.Home;
import io.firedrill.engine.ProgressBoard;
import io.firedrill.engine.Runs;
import io.firedrill.engine.Schedules;
import io.firedrill.engine.StepWorkers;
import io.firedrill.history.History;
import io.firedrill.history.report.IncidentReports;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.BesideRecovery;
import io.firedrill.recovery.Recovery;
import io.firedrill.runbook.BackupRun;
import io.firedrill.runbook.DisasterRecovery;
import io.firedrill.runbook.PostIncident;
import io.firedrill.runbook.RestoreDatabase;
import io.firedrill.runbook.RestoreFiles;
import io.firedrill.runbook.Telling;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import tools.jackson.databind.json.JsonMapper;

/** Puts the parts together. The domain is made by hand here, so that it knows no framework. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan
class ServerConfiguration {
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
    Stores stores(RecoveryPlan plan) {
        return Stores.open(plan);
    }

    @Bean
    Keys keys(RecoveryPlan plan) {
        return Keys.of(plan);
    }

    @Bean
    StateSchema stateSchema(DataSource stateDatabase) {
        return new StateSchema(stateDatabase);
    }

    @Bean
    History history(DataSource stateDatabase) {
        return new History(stateDatabase);
    }

    @Bean
    IncidentReports incidentReports(History history, RecoveryPlan plan, Home home, Clock clock) {
        return new IncidentReports(history, plan, home.reports(), clock);
    }

    @Bean
    Catalog catalog(DataSource stateDatabase, Stores stores, Clock clock) {
        return new ResilientCatalog(stateDatabase, stores, clock);
    }

    @Bean
    Backups backups(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        return new StoredBackups(plan, stores, keys, catalog, clock);
    }

    @Bean
    Recovery recovery(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        return new BesideRecovery(plan, stores, keys, catalog, clock);
    }

    @Bean
    Diagnosis diagnosis(RecoveryPlan plan, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        return new Probes(plan, stores, keys, catalog, clock);
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
    ProgressBoard progressBoard() {
        return new ProgressBoard();
    }

    @Bean
    EngineStartup engineStartup(
            CamundaClient client,
            Runs runs,
            EmbeddedServices services,
            History history,
            RecoveryPlan plan,
            StepWorkers workers) {
        Schedules schedules = new Schedules(client, history, plan);
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
            IncidentReports reports,
            Clock clock) {
        return new StepWorkers(
                client,
                json,
                progress,
                Deployment.caughtFailures(),
                List.of(
                        new BackupRun(plan, backups, catalog, clock),
                        new DisasterRecovery(plan, diagnosis, recovery, clock),
                        new RestoreDatabase(recovery),
                        new RestoreFiles(recovery),
                        new PostIncident(history, reports, clock),
                        new Telling(new Notifier(plan.notifyTargets()))));
    }

    // The web.

    @Bean
    Decisions decisions(History history, Runs runs, JsonMapper json, Clock clock) {
        return new Decisions(history, runs, json, clock);
    }

    @Bean
    TokenFilter tokenFilter(Home home) {
        return new TokenFilter(ServerToken.of(home));
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
