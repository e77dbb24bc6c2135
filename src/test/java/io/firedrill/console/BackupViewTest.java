package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BackupViewTest {
    @Test
    void aBackupIsToldInTheWordsOfTheApiWithHowLongItTook() {
        Instant began = Instant.parse("2026-11-23T11:23:04Z");
        Manifest manifest = new Manifest(1, new BackupId("shop-orders-logical-20261123T112304Z"), "shop", BackupKind.LOGICAL, "orders",
                began, began.plusMillis(200), began.plusMillis(5_400), null, null, null,
                List.of(new Manifest.Part("dump", "k", 1000, "a", 100, "b", List.of())), List.of(), Map.of(), List.of());
        CatalogEntry entry = new CatalogEntry(
                manifest, List.of(new CatalogEntry.Copy("local", CatalogEntry.State.VERIFIED, began, "")), CatalogEntry.State.VERIFIED);

        JsonNode told = JsonMapper.shared().valueToTree(BackupView.of(entry, null));

        assertThat(told.propertyNames()).containsExactly(
                "id", "service", "source", "kind", "snapshotAt", "bytes", "storedBytes", "tables", "rows", "files", "seconds", "state",
                "hold", "stores", "recoverableTo");
        assertThat(told.path("seconds").doubleValue()).isEqualTo(5.4);
        assertThat(told.path("bytes").longValue()).isEqualTo(1000);
        assertThat(told.path("state").stringValue()).isEqualTo("verified");
    }
}
