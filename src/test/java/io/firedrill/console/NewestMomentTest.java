package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.physical.WalStatus;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an RPO is held against: dumps, base backups and the WAL after those. */
class NewestMomentTest {
    private static final Instant AT = Instant.parse("2026-11-23T12:00:00Z");

    /** Two databases on one server, which is named after the first. */
    private static final Service SHOP = new Service(
            "shop", new Objectives(Duration.ofHours(1), Duration.ofHours(4)), databases(), Map.of(), List.of(), List.of(), Approvals.DEFAULT);

    private static Map<String, Database> databases() {
        Map<String, Database> databases = new LinkedHashMap<>();
        List.of("orders", "stock").forEach(name ->
                databases.put(name, new Database(name, "127.0.0.1", 5432, "u", name, Map.of(), Optional.empty())));
        return databases;
    }

    private static CatalogEntry entry(BackupKind kind, String source, Instant at, State state) {
        return new CatalogEntry(
                new Manifest(1, BackupId.of("shop", source, kind.word(), at), "shop", kind, source, at, at, at, null, null, null,
                        List.of(), List.of(), Map.of(), List.of()),
                List.of(new Copy("local", state, at, "")), state);
    }

    private static WalStatus wal(String source, @Nullable String gap) {
        return new WalStatus("shop", source, "127.0.0.1:5432", WalStatus.State.STREAMING, "0/3000000", AT, AT.plusSeconds(600), 0, gap, null);
    }

    private static Optional<Instant> newest(List<WalStatus> wal, CatalogEntry... entries) {
        return new NewestMoment(SHOP, List.of(entries), wal).ofAll();
    }

    @Test
    void aBaseBackupProtectsEveryDatabaseOnItsServer() {
        assertThat(newest(List.of(), entry(BackupKind.PHYSICAL, "orders", AT, State.VERIFIED))).contains(AT);
    }

    @Test
    void withItsWalItReachesToTheNewestCommit() {
        assertThat(newest(List.of(wal("orders", null)), entry(BackupKind.PHYSICAL, "orders", AT, State.VERIFIED)))
                .contains(AT.plusSeconds(600));
    }

    @Test
    void walWithAGapOrOfAnotherServerAddsNothing() {
        CatalogEntry base = entry(BackupKind.PHYSICAL, "orders", AT, State.VERIFIED);
        assertThat(newest(List.of(wal("orders", "WAL is missing")), base)).contains(AT);
        assertThat(newest(List.of(wal("stock", null)), base)).contains(AT);
    }

    @Test
    void walWithoutAGoodBaseBackupProtectsNothing() {
        assertThat(newest(List.of(wal("orders", null)))).isEmpty();
        assertThat(newest(List.of(wal("orders", null)), entry(BackupKind.PHYSICAL, "orders", AT, State.QUARANTINED))).isEmpty();
        assertThat(newest(List.of(wal("orders", null)), entry(BackupKind.PHYSICAL, "orders", AT.minusSeconds(60), State.VERIFIED),
                        entry(BackupKind.PHYSICAL, "orders", AT, State.QUARANTINED)))
                .contains(AT.minusSeconds(60));
    }

    @Test
    void ofSeveralSourcesTheOneThatComesBackTheLeastFarCounts() {
        CatalogEntry orders = entry(BackupKind.LOGICAL, "orders", AT, State.VERIFIED);
        assertThat(newest(List.of(), orders)).isEmpty();
        assertThat(newest(List.of(), orders, entry(BackupKind.LOGICAL, "stock", AT.minusSeconds(5), State.VERIFIED))).contains(AT.minusSeconds(5));
    }
}
