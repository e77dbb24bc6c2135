package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.firedrill.backup.Standing;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.catalog.StoreCatalog;
import io.firedrill.exporter.LocalPostgres;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.EnginePlan;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.NotifyTarget;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.StatePlan;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alarms in a real state database, told to a real webhook. */
class BackupWatchIT {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path folder;

    private LocalPostgres postgres;
    private HttpServer webhook;
    private RecoveryPlan plan;
    private final List<String> told = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        postgres = LocalPostgres.start();
        Flyway.configure().dataSource(postgres.dataSource()).schemas("firedrill").load().migrate();
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
        Path url = folder.resolve("slack-url");
        Files.writeString(url, "http://127.0.0.1:" + webhook.getAddress().getPort() + "/\n");
        Service shop = new Service("shop", new Objectives(Duration.ofHours(24), Duration.ofHours(4)), Map.of(),
                Map.of("uploads", new FileSet("uploads", folder.resolve("source"))), List.of(),
                List.of(new BackupEntry(BackupKind.FILES, Optional.empty(), Keep.DEFAULT)), Approvals.DEFAULT);
        plan = new RecoveryPlan(folder.resolve("plan"), "", Map.of("shop", shop),
                Map.of("local", new StorePlan.Directory("local", folder.resolve("store"))), Optional.empty(),
                List.of(new NotifyTarget.Slack(url)), new EnginePlan.Embedded(), new StatePlan.Embedded());
    }

    @AfterEach
    void stop() throws Exception {
        webhook.stop(0);
        postgres.close();
    }

    private BackupWatch server() {
        return new BackupWatch(plan, new StoreCatalog(Stores.open(plan)), new Notifier(plan.notifyTargets()),
                new Alarms(postgres.dataSource()), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static List<CatalogEntry> backup(Duration age) {
        Instant at = NOW.minus(age);
        return List.of(new CatalogEntry(
                new Manifest(1, BackupId.of("shop", "uploads", "files", at), "shop", BackupKind.FILES, "uploads", at, at, at,
                        null, null, new FileTreeContents(1, 0, 1000, "d"), List.of(), List.of(), Map.of(), List.of()),
                List.of(new Copy("local", State.VERIFIED, at, "")), State.VERIFIED));
    }

    @Test
    void eachChangeIsToldOnceWhateverTheServersAndRestarts() {
        List<CatalogEntry> old = backup(Duration.ofHours(30));
        BackupWatch first = server();
        List<Standing> overdue = first.of("shop", old);
        first.alarm(overdue);
        first.alarm(overdue);
        server().alarm(overdue);
        assertThat(told).singleElement().asString()
                .contains("[shop] The newest good files backup of uploads is 1 d 6 h old; the plan allows 1 d 1 h");
        List<Standing> fine = first.of("shop", backup(Duration.ofHours(1)));
        server().alarm(fine);
        first.alarm(fine);
        assertThat(told).hasSize(2).last().asString().contains("All clear");
        first.alarm(overdue);
        assertThat(told).hasSize(3);
    }

    @Test
    void withTheStateDatabaseAwayOneServerStillTellsOnce() throws Exception {
        postgres.down();
        BackupWatch watch = server();
        List<Standing> none = watch.of("shop", List.of());
        watch.alarm(none);
        watch.alarm(none);
        assertThat(told).singleElement().asString().contains("There is no good files backup of uploads");
        postgres.up();
    }
}
