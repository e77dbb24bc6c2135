package io.firedrill.plan;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One service of the plan: what belongs together and is recovered together. Maps keep the file's order.
 *
 * @param traffic what leads people to it, held up while a recovery moves things
 * @param drillSchedule when it is rehearsed, as cron with six fields; empty: by hand only
 * @param replication of the servers its databases are on; empty: as far as the plan knows there are no standbys
 */
public record Service(
        String name,
        Objectives objectives,
        Map<String, Database> databases,
        Map<String, FileSet> fileSets,
        List<Check> checks,
        List<BackupEntry> backups,
        Approvals approvals,
        Optional<String> drillSchedule,
        Recheck recheck,
        TrafficPlan traffic,
        Optional<ReplicationPlan> replication) {

    /** Without standbys. */
    public Service(
            String name,
            Objectives objectives,
            Map<String, Database> databases,
            Map<String, FileSet> fileSets,
            List<Check> checks,
            List<BackupEntry> backups,
            Approvals approvals,
            Optional<String> drillSchedule,
            Recheck recheck,
            TrafficPlan traffic) {
        this(name, objectives, databases, fileSets, checks, backups, approvals, drillSchedule, recheck, traffic, Optional.empty());
    }

    /** Rehearsed by hand only, its backups read back as usual. */
    public Service(
            String name,
            Objectives objectives,
            Map<String, Database> databases,
            Map<String, FileSet> fileSets,
            List<Check> checks,
            List<BackupEntry> backups,
            Approvals approvals) {
        this(name, objectives, databases, fileSets, checks, backups, approvals, Optional.empty(), Recheck.DEFAULT);
    }

    /** Nothing leads people to it that a recovery could hold up. */
    public Service(
            String name,
            Objectives objectives,
            Map<String, Database> databases,
            Map<String, FileSet> fileSets,
            List<Check> checks,
            List<BackupEntry> backups,
            Approvals approvals,
            Optional<String> drillSchedule,
            Recheck recheck) {
        this(name, objectives, databases, fileSets, checks, backups, approvals, drillSchedule, recheck, TrafficPlan.NONE);
    }

    public Service {
        Names.require(name);
        if (databases.isEmpty() && fileSets.isEmpty()) {
            throw new IllegalArgumentException("Service '%s' has nothing to protect".formatted(name));
        }
        databases = Collections.unmodifiableMap(new LinkedHashMap<>(databases));
        fileSets = Collections.unmodifiableMap(new LinkedHashMap<>(fileSets));
        checks = List.copyOf(checks);
        backups = List.copyOf(backups);
    }

    public Database database(String name) {
        Database database = databases.get(name);
        if (database == null) {
            throw UnknownName.failure("database", name, databases.keySet()).lasting();
        }
        return database;
    }

    /**
     * One database of each PostgreSQL server (host and port) that the service has databases on, the plan's first of each: a
     * physical backup is of a whole server and named after it.
     */
    public List<Database> servers() {
        return servers(databases.values());
    }

    /** The database that names the server this one is on. */
    public Database serverOf(Database database) {
        return servers().stream().filter(database::onServerOf).findFirst().orElse(database);
    }

    /** All of the service's on the server that this one is on. */
    public List<Database> databasesOnServerOf(Database database) {
        return databases.values().stream().filter(database::onServerOf).toList();
    }

    static List<Database> servers(Collection<Database> databases) {
        Map<String, Database> first = new LinkedHashMap<>();
        databases.forEach(db -> first.putIfAbsent(db.host().toLowerCase(Locale.ROOT) + " " + db.port(), db));
        return List.copyOf(first.values());
    }

    /** Whether WAL is received all the time, of the servers that {@link #walSources} names. */
    public boolean continuousWal() {
        return backups.stream().anyMatch(BackupEntry::continuousWal);
    }

    /** The servers whose WAL Firedrill receives itself: those that no other tool archives; none without continuous WAL. */
    public List<Database> walSources() {
        return continuousWal() ? servers().stream().filter(db -> db.repository().isEmpty()).toList() : List.of();
    }

    public FileSet fileSet(String name) {
        FileSet fileSet = fileSets.get(name);
        if (fileSet == null) {
            throw UnknownName.failure("file set", name, fileSets.keySet()).lasting();
        }
        return fileSet;
    }
}
