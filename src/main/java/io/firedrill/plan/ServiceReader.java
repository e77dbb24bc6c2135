package io.firedrill.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one entry of {@code services}. */
final class ServiceReader {
    static final Keys KEYS = Keys.of("objectives", "databases", "files", "checks", "backups", "drills", "approvals", "recheck", "loadBalancer", "pgbouncer", "replication");
    static final Keys DRILL_KEYS = Keys.of("schedule");
    static final Keys FILE_SET_KEYS = Keys.of("path");
    private static final Keys OBJECTIVE_KEYS = Keys.of("rpo", "rto");
    static final Keys RECHECK_KEYS = Keys.of("schedule", "every", "within");
    static final Keys APPROVAL_KEYS = Keys.of("approvers", "fourEyes", "escalateAfter", "expireAfter");

    private static final String EXAMPLE = "shop: {databases: {orders: %s}}".formatted(DatabaseReader.EXAMPLE);
    private static final int MOST_APPROVERS = 20;

    private final String name;
    private final String title;
    private final Section section;
    private final RepositoryReader repositories;
    private final ServerReader servers = new ServerReader();

    private ServiceReader(String name, Value value) {
        this.name = name;
        this.title = "service '%s'".formatted(name);
        this.section = Section.open(value, title, KEYS, EXAMPLE);
        this.repositories = new RepositoryReader(title);
    }

    static Optional<Service> read(String name, Value value) {
        return new ServiceReader(name, value).read();
    }

    private Optional<Service> read() {
        Map<String, Database> databases = section.optional("databases")
                .map(value -> NamedEntries.read(
                        value, "database", "databases: {orders: %s}".formatted(DatabaseReader.EXAMPLE), this::database))
                .orElse(Map.of());
        Map<String, FileSet> fileSets = section.optional("files")
                .map(value ->
                        NamedEntries.read(value, "file set", "files: {uploads: {path: /data/files}}", this::fileSet))
                .orElse(Map.of());
        Contents contents = contents();
        Objectives objectives =
                section.optional("objectives").map(ServiceReader::objectives).orElse(Objectives.DEFAULT);
        List<Check> checks = new CheckReader(title, contents.databases()).readAll(section.optional("checks"));
        List<BackupEntry> backups = new BackupReader(title, contents, RepositoryReader.ofAll(databases.values()))
                .readAll(section.optional("backups"));
        repositories.compare(databases.values(), backups.stream().anyMatch(entry -> entry.kind() == BackupKind.PHYSICAL));
        servers.compare(databases.values());
        Approvals approvals =
                section.optional("approvals").map(ServiceReader::approvals).orElse(Approvals.DEFAULT);
        Optional<String> drillSchedule = section.optional("drills").flatMap(ServiceReader::drillSchedule);
        Recheck recheck = section.optional("recheck").map(ServiceReader::recheck).orElse(Recheck.DEFAULT);
        TrafficPlan traffic = new TrafficPlan(
                section.optional("loadBalancer").flatMap(value -> LoadBalancerReader.read(title, value)),
                section.optional("pgbouncer").flatMap(value -> PgBouncerReader.read(title, value)));
        Optional<ReplicationPlan> replication =
                section.optional("replication").flatMap(new ReplicationReader(title, databases.values(), contents.databases().size())::read);
        if (!Names.valid(name) || databases.isEmpty() && fileSets.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Service(name, objectives, databases, fileSets, checks, backups, approvals, drillSchedule, recheck, traffic, replication));
    }

    /** What the service has by name, mistaken entries included: they were told of once. */
    private Contents contents() {
        Contents contents = new Contents(
                NamedEntries.names(section.optional("databases")), NamedEntries.names(section.optional("files")));
        boolean readable = section.isMap() && isMapOrAbsent("databases") && isMapOrAbsent("files");
        if (readable && contents.databases().isEmpty() && contents.fileSets().isEmpty()) {
            section.mistake(
                    "%s has neither a database nor a file set.".formatted(section.capitalised()),
                    "Add databases or files, e.g. databases: {orders: %s}".formatted(DatabaseReader.EXAMPLE));
        }
        return contents;
    }

    private boolean isMapOrAbsent(String key) {
        return section.optional(key).map(Value::isMap).orElse(true);
    }

    private Optional<Database> database(String database, Value value) {
        String who = "database '%s' of %s".formatted(database, title);
        Section keys = Section.open(value, who, DatabaseReader.SERVICE_KEYS, DatabaseReader.EXAMPLE);
        return servers.read(who, keys, repositories.read(who, keys, DatabaseReader.read(database, who, value, keys)));
    }

    private Optional<FileSet> fileSet(String fileSet, Value value) {
        String who = "file set '%s' of %s".formatted(fileSet, title);
        Section keys = Section.open(value, who, FILE_SET_KEYS, "{path: /data/files}");
        // Whether the folder is there is not asked: after a disaster it may be what is missing.
        Optional<Path> path = keys.required("path", "/data/files").flatMap(PlanFiles::swappable);
        path.ifPresent(folder -> value.reading().claims().folder(folder, who, value));
        return path.filter(folder -> Names.valid(fileSet)).map(folder -> new FileSet(fileSet, folder));
    }

    private static Optional<String> drillSchedule(Value value) {
        return Section.open(value, "drills", DRILL_KEYS, "drills: {schedule: \"0 0 5 * * *\"}")
                .optional("schedule")
                .flatMap(BackupReader::schedule);
    }

    private static Objectives objectives(Value value) {
        Section keys = Section.open(value, "objectives", OBJECTIVE_KEYS, "objectives: {rpo: 15m, rto: 30m}");
        Objectives none = Objectives.DEFAULT;
        Duration rpo = keys.optional("rpo").flatMap(Value::duration).orElse(none.rpo());
        Duration rto = keys.optional("rto").flatMap(Value::duration).orElse(none.rto());
        return new Objectives(rpo, rto);
    }

    private static Recheck recheck(Value value) {
        Section keys = Section.open(value, "recheck", RECHECK_KEYS, "recheck: {schedule: \"0 0 6 * * SUN\", every: 30d}");
        Recheck usual = Recheck.DEFAULT;
        return new Recheck(
                keys.optional("schedule").flatMap(BackupReader::schedule).orElse(usual.schedule()),
                keys.optional("every").flatMap(Value::duration).orElse(usual.every()),
                keys.optional("within").flatMap(Value::duration).orElse(usual.within()));
    }

    private static Approvals approvals(Value value) {
        Section keys = Section.open(
                value, "approvals", APPROVAL_KEYS, "approvals: {approvers: 1, fourEyes: true, escalateAfter: 10m}");
        Approvals none = Approvals.DEFAULT;
        return new Approvals(
                keys.optional("approvers")
                        .flatMap(number -> number.number(1, MOST_APPROVERS))
                        .orElse(none.approvers()),
                keys.optional("fourEyes").flatMap(Value::trueOrFalse).orElse(none.fourEyes()),
                keys.optional("escalateAfter").flatMap(Value::duration).orElse(none.escalateAfter()),
                keys.optional("expireAfter").flatMap(Value::duration).orElse(none.expireAfter()));
    }
}
