package io.firedrill.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One service of the plan: what belongs together and is recovered together. Maps keep the file's order. */
public record Service(
        String name,
        Objectives objectives,
        Map<String, Database> databases,
        Map<String, FileSet> fileSets,
        List<Check> checks,
        List<BackupEntry> backups,
        Approvals approvals) {

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

    public FileSet fileSet(String name) {
        FileSet fileSet = fileSets.get(name);
        if (fileSet == null) {
            throw UnknownName.failure("file set", name, fileSets.keySet()).lasting();
        }
        return fileSet;
    }
}
