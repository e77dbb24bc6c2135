package io.firedrill.catalog;

import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Manifest;
import io.firedrill.store.ManifestJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the state database knows. Its methods throw Spring's data access exceptions when the database is away. */
final class JdbcCatalog {
    private static final String ALL =
            """
            select b.id, b.manifest, c.store, c.state, c.checked_at, c.note,
              c.held, c.hold_at, c.hold_by, c.hold_reason
            from firedrill.backup b join firedrill.backup_copy c using (id)
            """;

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final List<String> storeOrder;

    /** @param storeOrder names of the stores, primary first */
    JdbcCatalog(DataSource dataSource, List<String> storeOrder) {
        this.db = JdbcClient.create(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.storeOrder = List.copyOf(storeOrder);
    }

    /** Whether it was ever filled from the stores; before that, empty means nothing. */
    boolean filled() {
        return db.sql("select exists (select from firedrill.catalog_scan)").query(Boolean.class).single();
    }

    List<CatalogEntry> list(@Nullable String service) {
        return entries(service == null ? db.sql(ALL) : db.sql(ALL + " where b.service = ?").param(service));
    }

    Optional<CatalogEntry> find(BackupId id) {
        return entries(db.sql(ALL + " where b.id = ?").param(id.value())).stream().findFirst();
    }

    private List<CatalogEntry> entries(JdbcClient.StatementSpec query) {
        Map<String, Manifest> manifests = new LinkedHashMap<>();
        Map<String, List<Copy>> copies = new LinkedHashMap<>();
        query.query(row -> {
            String id = row.getString("id");
            if (!manifests.containsKey(id)) {
                manifests.put(id, manifest(row.getString("manifest")));
            }
            copies.computeIfAbsent(id, i -> new ArrayList<>()).add(copy(row));
        });
        copies.values().forEach(list -> list.sort(Comparator.comparingInt(this::position)));
        return CatalogEntries.newestFirst(manifests.entrySet().stream()
                .map(entry -> CatalogEntries.of(entry.getValue(), copies.get(entry.getKey())))
                .toList());
    }

    private int position(Copy copy) {
        int position = storeOrder.indexOf(copy.store());
        return position < 0 ? Integer.MAX_VALUE : position;
    }

    private static Copy copy(ResultSet row) throws SQLException {
        return new Copy(
                row.getString("store"),
                State.valueOf(row.getString("state")),
                instant(row, "checked_at"),
                row.getString("note"),
                hold(row));
    }

    private static @Nullable Hold hold(ResultSet row) throws SQLException {
        Instant at = instant(row, "hold_at");
        return at == null
                ? null
                : new Hold(row.getBoolean("held"), at, row.getString("hold_by"), row.getString("hold_reason"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static Manifest manifest(String text) {
        try {
            return ManifestJson.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the state database holds a damaged manifest", e);
        }
    }

    void record(Manifest manifest, Copy copy) {
        transaction.executeWithoutResult(status -> {
            upsert(manifest);
            upsert(manifest.id(), copy);
        });
    }

    private void upsert(Manifest manifest) {
        // The manifest stays the one of the store that was recorded first: the primary's.
        db.sql("""
                        insert into firedrill.backup (id, service, snapshot_at, manifest) values (?, ?, ?, ?)
                        on conflict (id) do nothing
                        """)
                .params(manifest.id().value(), manifest.service(), utc(manifest.snapshotAt()),
                        new String(ManifestJson.write(manifest), StandardCharsets.UTF_8))
                .update();
    }

    private void upsert(BackupId id, Copy copy) {
        db.sql("""
                        insert into firedrill.backup_copy (id, store, state, checked_at, note) values (?, ?, ?, ?, ?)
                        on conflict (id, store) do update
                        set state = excluded.state, checked_at = excluded.checked_at, note = excluded.note
                        """)
                .param(id.value())
                .param(copy.store())
                .param(copy.state().name())
                .param(4, copy.checkedAt() == null ? null : utc(copy.checkedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param(copy.note())
                .update();
    }

    private void upsertWithHold(BackupId id, Copy copy) {
        upsert(id, copy);
        if (copy.hold() != null) {
            hold(id, copy.store(), copy.hold());
        }
    }

    void hold(BackupId id, String store, Hold hold) {
        db.sql("""
                        update firedrill.backup_copy set held = ?, hold_at = ?, hold_by = ?, hold_reason = ?
                        where id = ? and store = ?
                        """)
                .params(hold.held(), utc(hold.at()), hold.by(), hold.reason(), id.value(), store)
                .update();
    }

    void forget(BackupId id, String store) {
        transaction.executeWithoutResult(status -> {
            db.sql("delete from firedrill.backup_copy where id = ? and store = ?").params(id.value(), store).update();
            removeCopyless();
        });
    }

    /** Puts what a scan found in place of all that was known of the stores that answered it. */
    void replace(List<CatalogEntry> entries, Set<String> answered, Instant scannedAt) {
        transaction.executeWithoutResult(status -> {
            answered.forEach(store ->
                    db.sql("delete from firedrill.backup_copy where store = ?").param(store).update());
            removeCopyless();
            for (CatalogEntry entry : entries) {
                upsert(entry.manifest());
                entry.copies().forEach(copy -> upsertWithHold(entry.manifest().id(), copy));
            }
            db.sql("""
                            insert into firedrill.catalog_scan (scanned_at) values (?)
                            on conflict (only_row) do update set scanned_at = excluded.scanned_at
                            """)
                    .param(utc(scannedAt))
                    .update();
        });
    }

    private void removeCopyless() {
        db.sql("""
                        delete from firedrill.backup b
                        where not exists (select from firedrill.backup_copy c where c.id = b.id)
                        """)
                .update();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
