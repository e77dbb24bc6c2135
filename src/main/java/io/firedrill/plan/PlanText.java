package io.firedrill.plan;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A plan in words, for {@code plan show}: what would be done, and what is missing. Holds no secret. */
public final class PlanText {
    private final RecoveryPlan plan;
    private final StringBuilder text = new StringBuilder();

    private PlanText(RecoveryPlan plan) {
        this.plan = plan;
    }

    /** Several lines, each ended by a line feed. */
    public static String of(RecoveryPlan plan) {
        return new PlanText(plan).write();
    }

    private String write() {
        text.append("Recovery plan ").append(plan.file()).append('\n');
        plan.services().values().forEach(this::service);
        stores();
        line(
                0,
                "Encryption",
                plan.encryption()
                        .map(key -> "age, with the key in " + key.keyFile())
                        .orElse("none"));
        line(0, "Told", told());
        line(0, "Engine", engine(plan.engine()));
        line(0, "State", state(plan.state()));
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            text.append("\nMissing\n");
            missing.forEach(item -> text.append("  - ").append(item).append('\n'));
        }
        return text.toString();
    }

    private void service(Service service) {
        text.append("\nService ").append(service.name()).append('\n');
        Objectives objectives = service.objectives();
        line(
                1,
                "Objectives",
                "lose at most %s of data, be away at most %s"
                        .formatted(Durations.format(objectives.rpo()), Durations.format(objectives.rto())));
        service.databases().values().forEach(database -> line(1, "Database", database(database)));
        service.fileSets().values().forEach(files -> line(1, "Files", files.name() + ": " + files.path()));
        service.backups().forEach(entry -> line(1, "Backup", backup(entry)));
        service.checks().forEach(check -> line(1, "Check", check(check)));
        line(1, "Approvals", approvals(service.approvals()));
        text.append('\n');
    }

    private void stores() {
        String role = "backups are written here";
        for (StorePlan store : plan.stores().values()) {
            line(0, "Store", "%s: %s (%s)".formatted(store.name(), place(store), role));
            role = "every backup is copied here";
        }
    }

    private static String database(Database database) {
        String sslmode = database.parameters().get("sslmode");
        return "%s: %s as %s%s%s"
                .formatted(
                        database.name(),
                        database.address(),
                        database.user(),
                        sslmode == null ? "" : ", sslmode " + sslmode,
                        database.passwordFile()
                                .map(file -> ", password in " + file)
                                .orElse(", no password"));
    }

    private static String backup(BackupEntry entry) {
        String when = entry.schedule().map(cron -> "at '%s'".formatted(cron)).orElse("by hand");
        return "%s %s, kept: %s".formatted(entry.kind().word(), when, keep(entry.keep()));
    }

    private static String keep(Keep keep) {
        List<String> rules = new ArrayList<>();
        rule(rules, keep.days(), "day");
        rule(rules, keep.weeks(), "week");
        rule(rules, keep.months(), "month");
        rule(rules, keep.years(), "year");
        String newest = "the newest %d".formatted(keep.atLeast());
        return rules.isEmpty() ? newest : "one each for %s, and %s".formatted(String.join(", ", rules), newest);
    }

    private static void rule(List<String> rules, int count, String unit) {
        if (count > 0) {
            rules.add("%d %s%s".formatted(count, unit, count == 1 ? "" : "s"));
        }
    }

    /** Arguments and queries may hold tokens: of a command the program alone is shown, of an address no query. */
    private static String check(Check check) {
        return check.name() + ": "
                + switch (check) {
                    case Check.Sql sql ->
                        "%s on %s".formatted(sql.sql().strip().replaceAll("\\s+", " "), sql.database());
                    case Check.Http http ->
                        "%s answers %d within %s"
                                .formatted(shown(http.url()), http.expect(), Durations.format(http.timeout()));
                    case Check.Command command ->
                        "%s exits 0 within %s"
                                .formatted(command.command().getFirst(), Durations.format(command.timeout()));
                };
    }

    private static String approvals(Approvals approvals) {
        String people = approvals.approvers() == 1 ? "1 person" : "%d people".formatted(approvals.approvers());
        return "%s%s; escalated every %s, refused after %s"
                .formatted(
                        people,
                        approvals.fourEyes() ? ", not the one who asked" : "",
                        Durations.format(approvals.escalateAfter()),
                        Durations.format(approvals.expireAfter()));
    }

    private static String place(StorePlan store) {
        return switch (store) {
            case StorePlan.Directory directory -> "folder " + directory.path();
            case StorePlan.S3 s3 ->
                "bucket %s%s at %s"
                        .formatted(
                                s3.bucket(),
                                s3.prefix().isEmpty() ? "" : "/" + s3.prefix(),
                                s3.endpoint().map(PlanText::shown).orElse("AWS") + ", " + s3.region());
        };
    }

    private String told() {
        String targets = plan.notifyTargets().stream()
                .map(target -> switch (target) {
                    case NotifyTarget.Slack slack -> "Slack, by the URL in " + slack.urlFile();
                })
                .collect(Collectors.joining("; "));
        return targets.isEmpty() ? "nobody" : targets;
    }

    private static String engine(EnginePlan engine) {
        return switch (engine) {
            case EnginePlan.Embedded embedded -> "a Zeebe broker beside the server";
            case EnginePlan.Cluster cluster ->
                "Camunda cluster at %s and %s".formatted(shown(cluster.grpcAddress()), shown(cluster.restAddress()));
            case EnginePlan.Saas saas -> "Camunda SaaS, cluster %s in %s".formatted(saas.clusterId(), saas.region());
        };
    }

    private static String state(StatePlan state) {
        return switch (state) {
            case StatePlan.Embedded embedded -> "a PostgreSQL server beside the server";
            case StatePlan.External external ->
                external.database().address() + " as " + external.database().user();
        };
    }

    /** What the plan leaves open, one sentence each; the plan is valid without. */
    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (plan.encryption().isEmpty()) {
            missing.add("Backups are stored unencrypted: add encryption with a keyFile.");
        }
        if (plan.offsiteStores().isEmpty()) {
            missing.add("There is one copy of every backup: add a second store, elsewhere.");
        }
        if (plan.notifyTargets().isEmpty()) {
            missing.add("Nobody is told when something fails: add notify.");
        }
        plan.services().values().forEach(service -> missingIn(service, missing));
        return missing;
    }

    private static void missingIn(Service service, List<String> missing) {
        String name = "Service %s".formatted(service.name());
        unbacked(service, BackupKind.LOGICAL, !service.databases().isEmpty())
                .ifPresent(what -> missing.add("%s: its databases are %s.".formatted(name, what)));
        unbacked(service, BackupKind.FILES, !service.fileSets().isEmpty())
                .ifPresent(what -> missing.add("%s: its files are %s.".formatted(name, what)));
        if (service.checks().isEmpty()) {
            missing.add("%s has no checks: nothing would show that it works again.".formatted(name));
        }
    }

    private static Optional<String> unbacked(Service service, BackupKind kind, boolean holdsSome) {
        List<BackupEntry> entries =
                service.backups().stream().filter(entry -> entry.kind() == kind).toList();
        if (!holdsSome || entries.stream().anyMatch(entry -> entry.schedule().isPresent())) {
            return Optional.empty();
        }
        return Optional.of(
                entries.isEmpty()
                        ? "never backed up: add a %s backup".formatted(kind.word())
                        : "backed up by hand only: add a schedule");
    }

    private static String shown(URI address) {
        return "%s://%s%s".formatted(address.getScheme(), address.getRawAuthority(), address.getRawPath());
    }

    private void line(int depth, String what, String value) {
        text.append("  ".repeat(depth))
                .append("%-12s ".formatted(what))
                .append(value)
                .append('\n');
    }
}
