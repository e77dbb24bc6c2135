package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.surgical.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables that a service's databases have or had: those of its backups and those there now, where these can be seen. */
public final class KnownTables {
    private static final int SHOWN = 40;
    private static final String LIVE = "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            + " where c.relkind in ('r', 'p') and c.relpersistence <> 't' and c.oid >= 16384";

    private final Service service;
    private final List<CatalogEntry> backups;
    private final Map<String, Map<String, TableName>> tables = new HashMap<>();

    /** {@code backups}: every one of the service. */
    public KnownTables(Service service, List<CatalogEntry> backups) {
        this.service = service;
        this.backups = backups;
    }

    /** By {@code schema.table}, sorted. */
    private Map<String, TableName> of(String database) {
        return tables.computeIfAbsent(database, name -> {
            Map<String, TableName> known = new TreeMap<>();
            backups.stream().map(CatalogEntry::manifest).filter(manifest -> manifest.source().equals(name)).forEach(manifest -> {
                DatabaseContents contents = manifest.contents();
                if (contents != null) {
                    contents.tables().forEach(table -> known.put(table.schema() + "." + table.table(), new TableName(table.schema(), table.table())));
                }
            });
            live(service.database(name)).forEach(table -> known.put(table.toString(), table));
            return known;
        });
    }

    private static List<TableName> live(Database db) {
        List<TableName> found = new ArrayList<>();
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LIVE)) {
            while (row.next()) {
                found.add(new TableName(row.getString(1), row.getString(2)));
            }
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        } catch (FailureException e) {
            // Then only what the backups have is known; that the database cannot be reached is told where it matters.
        }
        return found;
    }

    /** As the evidence names it; of a name that nobody knows, what is before its first dot is the schema. */
    TableName named(String database, String schemaAndTable) {
        TableName known = of(database).get(schemaAndTable);
        int dot = schemaAndTable.indexOf('.');
        return known != null ? known : new TableName(schemaAndTable.substring(0, dot), schemaAndTable.substring(dot + 1));
    }

    /**
     * What somebody called {@code table} or {@code schema.table}: by the database it is in.
     *
     * @param database where to look; null: in all
     * @throws FailureException lasting {@code unknown-table} or {@code ambiguous-table}, with the choices
     */
    Map<String, TableName> find(String name, @Nullable String database) {
        Set<String> databases = database == null ? service.databases().keySet() : Set.of(database);
        Map<String, List<TableName>> found = new LinkedHashMap<>();
        for (String one : databases) {
            Map<String, TableName> known = of(one);
            List<TableName> fitting = known.containsKey(name)
                    ? List.of(known.get(name))
                    : known.values().stream().filter(table -> table.table().equals(name)).toList();
            if (!fitting.isEmpty()) {
                found.put(one, fitting);
            }
        }
        List<String> all = found.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(table -> entry.getKey() + ":" + table))
                .toList();
        if (all.isEmpty()) {
            throw new Failure("unknown-table", "There is no database, file set or table '%s' in the plan's service %s.".formatted(name, service.name()),
                            "Nothing was started.", "Use one of: %s.".formatted(choices(databases, database == null)))
                    .lasting();
        }
        if (all.size() > 1) {
            throw new Failure("ambiguous-table", "'%s' may be one of several tables.".formatted(name), "Nothing was started.",
                            "Write one of: %s.".formatted(String.join(", ", all)))
                    .lasting();
        }
        return found.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getFirst()));
    }

    private String choices(Set<String> databases, boolean any) {
        List<String> all = new ArrayList<>();
        if (any) {
            all.addAll(service.databases().keySet());
            all.addAll(service.fileSets().keySet());
        }
        databases.forEach(one -> of(one).values().forEach(table ->
                all.add(databases.size() == 1 ? table.toString() : one + ":" + table)));
        return all.stream().limit(SHOWN).collect(Collectors.joining(", ")) + (all.size() > SHOWN ? ", …" : "");
    }
}
