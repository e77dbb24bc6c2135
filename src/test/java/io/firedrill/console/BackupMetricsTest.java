package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.camunda.client.CamundaClient;
import io.firedrill.backup.Standing;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.engine.CaughtFailures;
import io.firedrill.engine.ProgressBoard;
import io.firedrill.engine.StepWorkers;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.replication.NodeState;
import io.firedrill.runbook.Telling;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What Prometheus reads, and that the page and the alert rules speak of nothing else. */
class BackupMetricsTest {
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

    private static String scraped() {
        Service shop = new Service("shop", new Objectives(Duration.ofHours(24), Duration.ofHours(4)), Map.of(),
                Map.of("uploads", new FileSet("uploads", Path.of("/data/uploads"))), List.of(),
                List.of(new BackupEntry(BackupKind.FILES, Optional.empty(), Keep.DEFAULT)), Approvals.DEFAULT);
        RecoveryPlan plan = new RecoveryPlan(Path.of("/plan"), "", Map.of("shop", shop),
                Map.of("local", new StorePlan.Directory("local", Path.of("/store"))), Optional.empty(), List.of(),
                new EnginePlan.Embedded(), new StatePlan.Embedded());
        CatalogEntry entry = new CatalogEntry(
                new Manifest(1, BackupId.of("shop", "uploads", "files", AT), "shop", BackupKind.FILES, "uploads", AT.minusSeconds(10), AT,
                        AT, null, null, new FileTreeContents(1, 0, 1000, "d"), List.of(), List.of(), Map.of(), List.of()),
                List.of(new Copy("local", State.VERIFIED, AT, "")), State.VERIFIED);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Notifier notifier = new Notifier(List.of());
        try (CamundaClient client = CamundaClient.newClientBuilder().build();
                StepWorkers workers = new StepWorkers(
                        client, new JsonMapper(), new ProgressBoard(Clock.systemUTC()), CaughtFailures.in(List.of()), List.of(new Telling(notifier)))) {
            BackupMetrics metrics = new BackupMetrics(registry, plan, notifier, workers);
            metrics.update(Standing.of(shop, List.of(entry), cron -> Duration.ZERO));
            metrics.update(Standing.of(shop, List.of(entry), cron -> Duration.ZERO));
            new ReplicationMetrics(registry).update(Map.of("shop", List.of(
                    new NodeState("db1", "127.0.0.1:1", "primary", 1, "0/1", false, null, null, null, false, ""),
                    new NodeState("db2", "127.0.0.1:2", "standby", 1, "0/1", true, 4096L, 1.5, AT, false, ""))));
            return registry.scrape();
        }
    }

    @Test
    void theNewestGoodBackupIsTold() {
        assertThat(scraped()).contains(
                "firedrill_backup_last_success_timestamp_seconds{kind=\"files\",service=\"shop\",source=\"uploads\",store=\"local\"} 1.7954352E9",
                "firedrill_backup_duration_seconds{kind=\"files\",service=\"shop\",source=\"uploads\"} 10.0",
                "firedrill_backup_size_bytes{kind=\"files\",service=\"shop\",source=\"uploads\"} 1000.0",
                "firedrill_backup_rate_bytes_per_second{kind=\"files\",service=\"shop\",source=\"uploads\"} 100.0",
                "firedrill_backup_allowed_age_seconds{kind=\"files\",service=\"shop\",source=\"uploads\"} 90000.0",
                "firedrill_objective_rpo_seconds{service=\"shop\"} 86400.0",
                "firedrill_replication_lag_bytes{node=\"db2\",service=\"shop\"} 4096.0",
                "firedrill_replication_lag_seconds{node=\"db2\",service=\"shop\"} 1.5",
                "firedrill_replication_streaming{node=\"db2\",service=\"shop\"} 1.0",
                "firedrill_replication_primary{node=\"db1\",service=\"shop\"} 1.0",
                "firedrill_notifications_total{result=\"failed\"} 0.0",
                "firedrill_step_failures_total{step=\"notify\"} 0.0");
    }

    @Test
    void thePageListsWhatThereIsAndTheRulesUseNothingElse() throws Exception {
        Set<String> there = names(scraped().lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n")));
        String table = Files.readString(Path.of("docs/metrics.md")).lines().filter(line -> line.startsWith("| `")).collect(Collectors.joining("\n"));
        assertThat(names(table)).isEqualTo(there);
        assertThat(there).containsAll(names(Files.readString(Path.of("deploy/prometheus/alerts.yml"))));
    }

    private static Set<String> names(String text) {
        return Pattern.compile("firedrill_\\w+").matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
