package io.firedrill.plan;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
                plan.encryption().map(PlanText::encryption).orElse("none"));
        line(0, "Told", told());
        line(0, "Time zone", plan.timeZone() + ", of all schedules");
        line(0, "Engine", engine(plan.engine()));
        line(0, "State", state(plan.state()));
        plan.console().oidc().ifPresent(oidc -> line(0, "Sign-in", "also by %s: %s".formatted(oidc.issuer(), roles(oidc))));
        plan.console().balancer().ifPresent(balancer -> line(0, "Console", balancer(balancer)));
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
        service.backups().forEach(entry -> line(1, "Backup", backup(service, entry)));
        service.drillSchedule().ifPresent(cron -> line(1, "Drill", "at '%s', on a scratch server".formatted(cron)));
        line(
                1,
                "Read back",
                "each copy at least every %s, at '%s', for at most %s"
                        .formatted(
                                Durations.format(service.recheck().every()),
                                service.recheck().schedule(),
                                Durations.format(service.recheck().within())));
        service.checks().forEach(check -> line(1, "Check", check(check)));
        service.traffic().loadBalancer().ifPresent(balancer -> line(1, "Balancer", balancer(balancer)));
        service.traffic().pgbouncer().ifPresent(pool -> line(1, "Pooler", "pgbouncer's %s, paused during a recovery by %s"
                .formatted(String.join(", ", pool.databases()), pool.console().address())));
        line(1, "Approvals", approvals(service.approvals()));
        service.replication().ifPresent(replication -> line(1, "Replication", replication(replication)));
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
        return "%s: %s as %s%s%s%s%s"
                .formatted(
                        database.name(),
                        database.address(),
                        database.user(),
                        sslmode == null ? "" : ", sslmode " + sslmode,
                        database.passwordFile()
                                .map(file -> ", password in " + file)
                                .orElse(", no password"),
                        database.repository()
                                .map(repository -> ", physical backups in %s as %s".formatted(repository.title(), repository.user()))
                                .orElse(""),
                        database.place().map(PlanText::place).orElse(""));
    }

    /** Arguments may hold a secret: of a command the program alone is shown. */
    private static String place(ServerPlan server) {
        return ", data in %s, started and stopped by %s%s".formatted(
                server.data(),
                server.byPgCtl()
                        ? "pg_ctl"
                        : Stream.of(server.start(), server.stop()).map(List::getFirst).distinct().collect(Collectors.joining(" and ")),
                server.user().map(user -> " as " + user).orElse(""));
    }

    private static String balancer(LoadBalancer balancer) {
        String servers = balancer.servers().isEmpty() ? "" : ", servers " + balancer.servers().stream().map(PlanText::shown).collect(Collectors.joining(", "));
        return balancer.backend()
                + balancer.control()
                        .map(control -> switch (control) {
                            case LoadBalancer.Control.Haproxy haproxy -> " in HAProxy at " + haproxy.socket();
                            case LoadBalancer.Control.Nginx nginx -> " in NGINX by " + nginx.upstream();
                        })
                        .orElse("")
                + servers;
    }

    private static String backup(Service service, BackupEntry entry) {
        String when = entry.schedule().map(cron -> "at '%s'".formatted(cron)).orElse("by hand");
        String wal = entry.continuousWal() ? ", WAL received continuously" : "";
        Set<Repository.Tool> tools = entry.kind() == BackupKind.PHYSICAL
                ? RepositoryReader.ofAll(service.databases().values())
                : Set.of();
        return "%s %s, kept: %s%s".formatted(
                entry.kind().word(), when, tools.isEmpty()
                        ? keep(entry.keep())
                        : "as %s %s set".formatted(RepositoryReader.titles(tools), tools.size() == 1 ? "is" : "are"), wal);
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

    private static String replication(ReplicationPlan plan) {
        return switch (plan) {
            case ReplicationPlan.Plain plain -> "plain: %s; failover %s, when the primary is gone for %s".formatted(
                    plain.nodes().values().stream()
                            .map(node -> "%s at %s%s".formatted(node.name(), node.address(), node.synchronous() ? " (synchronous)" : ""))
                            .collect(Collectors.joining(", ")),
                    asking(plain.policy()),
                    Durations.format(plain.policy().deadAfter()));
            case ReplicationPlan.Patroni patroni -> "patroni: %s; failover by Patroni itself".formatted(patroni.nodes().values().stream()
                    .map(node -> "%s at %s".formatted(node.name(), node.server()))
                    .collect(Collectors.joining(", ")));
        };
    }

    private static String asking(ReplicationPlan.Policy policy) {
        return policy.withoutApproval().isEmpty()
                ? "after an approval"
                : "without asking when the cause is " + String.join(" or ", policy.withoutApproval().stream().sorted().toList());
    }

    private static String place(StorePlan store) {
        return switch (store) {
            case StorePlan.Directory directory -> "folder " + directory.path();
            case StorePlan.S3 s3 ->
                bucket(s3.bucket(), s3.prefix(), s3.endpoint().map(PlanText::shown).orElse("AWS") + ", " + s3.region())
                        + s3.sse().map(sse -> ", encrypted there by " + sse.algorithm()).orElse("")
                        + s3.lock().map(PlanText::lock).orElse("");
            case StorePlan.Gcs gcs -> bucket(gcs.bucket(), gcs.prefix(), "Google Cloud Storage");
        };
    }

    private static String bucket(String bucket, String prefix, String where) {
        return "bucket %s%s at %s".formatted(bucket, prefix.isEmpty() ? "" : "/" + prefix, where);
    }

    private static String lock(StorePlan.Lock lock) {
        String who = lock.mode() == StorePlan.Lock.Mode.COMPLIANCE ? "nobody" : "only who may bypass the lock";
        return ", locked: %s can remove an object for %s".formatted(who, Durations.format(lock.time()));
    }

    private static String encryption(EncryptionPlan encryption) {
        Optional<String> file = encryption.keyFile().map(key -> "the key in " + key);
        Optional<String> kms = encryption.kms().map(key -> "a key per backup, wrapped by %s in %s".formatted(key.keyId(), key.region()));
        return "age, with " + Stream.of(file, kms).flatMap(Optional::stream).collect(Collectors.joining(", or "));
    }

    private String told() {
        String targets = plan.notifyTargets().stream()
                .map(target -> switch (target) {
                    case NotifyTarget.Slack slack -> "Slack, by the URL in " + slack.urlFile();
                    case NotifyTarget.Webhook webhook -> "a webhook, by the URL in " + webhook.urlFile();
                    case NotifyTarget.Email mail -> "mail to %s, by %s".formatted(mail.address(), mail.server());
                    case NotifyTarget.PagerDuty pager -> "PagerDuty, by the routing key in " + pager.routingKeyFile();
                })
                .collect(Collectors.joining("; "));
        return targets.isEmpty() ? "nobody" : targets;
    }

    private static String roles(OidcPlan oidc) {
        return oidc.roles().entrySet().stream()
                .map(group -> "%s %s is %s".formatted(oidc.rolesClaim(), group.getKey(), String.join(" and ", group.getValue())))
                .collect(Collectors.joining("; "));
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
        if (service.backups().stream().anyMatch(entry -> entry.kind() == BackupKind.PHYSICAL)) {
            unbacked(service, BackupKind.PHYSICAL, true)
                    .ifPresent(what -> missing.add("%s: its servers are %s.".formatted(name, what)));
        }
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
