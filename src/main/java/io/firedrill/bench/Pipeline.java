package io.firedrill.bench;

import io.firedrill.backup.BackupSet;
import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.backup.StoredBackups;
import io.firedrill.catalog.StoreCatalog;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import io.firedrill.tool.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/**
 * Firedrill's backup pipeline alone, as a program of its own: no engine, no state database. For each line of its input,
 * {@code logical} or {@code physical}, it takes a backup and prints {@code sealed BYTES} when that exists in the store and
 * {@code checked BYTES} when it was read back whole.
 */
public final class Pipeline {
    static final String SEALED = "sealed";
    static final String CHECKED = "checked";

    private Pipeline() {}

    /** @param arguments the plan file, whose one service has one database */
    public static void main(String[] arguments) throws IOException {
        RecoveryPlan plan = PlanReader.read(Path.of(arguments[0]));
        try (Stores stores = Stores.open(plan)) {
            Backups backups =
                    new StoredBackups(plan, stores, Keys.of(plan), new StoreCatalog(stores), Clock.systemUTC());
            BufferedReader asked = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String kind = asked.readLine(); kind != null; kind = asked.readLine()) {
                BackupSummary taken = take(backups, kind);
                System.out.println(SEALED + " " + taken.storedBytes());
                backups.check(taken.id(), stores.primary().name(), Progress.NONE);
                System.out.println(CHECKED + " " + taken.storedBytes());
            }
        } catch (FailureException e) {
            System.err.println(e.failure().what() + "\n" + e.failure().next());
            System.exit(1);
        }
    }

    private static BackupSummary take(Backups backups, String kind) {
        BackupSet planned = backups.plan(Workshop.SERVICE, kind, Instant.now());
        if (!planned.databases().isEmpty()) {
            BackupSet.Item item = planned.databases().getFirst();
            return backups.dumpDatabase(Workshop.SERVICE, item.name(), item.backup(), Progress.NONE);
        }
        BackupSet.Item server = planned.clusters().getFirst();
        return backups.baseBackup(Workshop.SERVICE, server.name(), server.backup(), Progress.NONE);
    }
}
