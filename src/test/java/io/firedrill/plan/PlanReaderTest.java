package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.firedrill.failure.FailureException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a good plan is read as, and what happens to files that are no plan at all. */
class PlanReaderTest {
    private static final String WHOLE = """
        services:
          shop:
            objectives: {rpo: 15m, rto: PT30M}
            databases:
              orders: {url: "postgresql://fire%40drill@DB.example.org:5433/or%20ders?sslmode=verify-full&sslrootcert=secrets/root.crt", passwordFile: secrets/orders}
              users: {url: "postgres://firedrill@[::1]/users", server: {data: pg/data, log: /var/log/pg, start: [run, up], stop: [run, down], user: pg}}
            files:
              uploads: {path: /data/files/}
              own: {path: ./own}
            checks:
              - {name: users exist, sql: "select count(*) > 0 from users", database: users}
              - {name: front page, http: "http://127.0.0.1:8080/health"}
              - {name: login, http: "https://shop.example.org/login?x=1", expect: 302, timeout: 1m}
              - {name: mounted, command: [test, -d, /data/files]}
            backups:
              - {kind: logical, schedule: "0 0  2 * * *", keep: {days: 7, weeks: 4, months: 12, years: 10, atLeast: 3}}
              - {kind: files, schedule: "0 30 2 * * MON-FRI"}
            approvals: {approvers: 2, fourEyes: no, escalateAfter: 5m, expireAfter: 1h}
          wiki: {files: {pages: {path: /data/wiki}}}
        stores:
          local: {path: backups}
          offsite: {s3: {bucket: b.example, prefix: a/b, region: eu-central-1, endpoint: "https://s3.example.org:9000", credentialsFile: secrets/aws-credentials}}
          aws: {s3: {bucket: b.example}}
        encryption: {keyFile: secrets/backup.key}
        notify:
          - {slack: secrets/slack-url}
        engine: {saas: {clusterId: i, region: bru-2, clientId: c, clientSecretFile: secrets/camunda}}
        state: {url: "postgresql://state@127.0.0.1/state", passwordFile: secrets/state}
        """;

    @TempDir
    Path temporary;

    private PlanFolder plans;
    private Path folder;

    @BeforeEach
    void layOut() throws Exception {
        plans = PlanFolder.in(temporary);
        folder = plans.folder();
    }

    @Test
    void aWholePlanIsReadKeyByKey() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan(WHOLE));

        assertThat(plan.file()).isEqualTo(folder.resolve("recovery-plan.yaml"));
        assertThat(plan.services().keySet()).containsExactly("shop", "wiki");
        Service shop = plan.service("shop");
        assertThat(shop.objectives()).isEqualTo(new Objectives(Duration.ofMinutes(15), Duration.ofMinutes(30)));
        assertThat(shop.databases().values())
                .containsExactly(
                        new Database(
                                "orders",
                                "DB.example.org",
                                5433,
                                "fire@drill",
                                "or ders",
                                Map.of(
                                        "sslmode",
                                        "verify-full",
                                        "sslrootcert",
                                        folder.resolve("secrets/root.crt").toString()),
                                Optional.of(folder.resolve("secrets/orders"))),
                        new Database("users", "::1", 5432, "firedrill", "users", Map.of(), Optional.empty())
                                .living(new ServerPlan(folder.resolve("pg/data"), Optional.of(Path.of("/var/log/pg")),
                                        List.of("run", "up"), List.of("run", "down"), Optional.of("pg"))));
        assertThat(shop.database("users").address()).isEqualTo("[::1]:5432/users");
        assertThat(shop.fileSets().values())
                .containsExactly(
                        new FileSet("uploads", Path.of("/data/files")), new FileSet("own", folder.resolve("own")));
        assertThat(shop.checks())
                .containsExactly(
                        new Check.Sql("users exist", "select count(*) > 0 from users", "users"),
                        new Check.Http(
                                "front page", URI.create("http://127.0.0.1:8080/health"), 200, Duration.ofSeconds(5)),
                        new Check.Http(
                                "login", URI.create("https://shop.example.org/login?x=1"), 302, Duration.ofMinutes(1)),
                        new Check.Command("mounted", List.of("test", "-d", "/data/files"), Duration.ofSeconds(10)));
        assertThat(shop.backups())
                .containsExactly(
                        new BackupEntry(BackupKind.LOGICAL, Optional.of("0 0 2 * * *"), new Keep(7, 4, 12, 10, 3)),
                        new BackupEntry(BackupKind.FILES, Optional.of("0 30 2 * * MON-FRI"), Keep.DEFAULT));
        assertThat(shop.approvals()).isEqualTo(new Approvals(2, false, Duration.ofMinutes(5), Duration.ofHours(1)));
        assertThat(plan.stores().values())
                .containsExactly(
                        new StorePlan.Directory("local", folder.resolve("backups")),
                        new StorePlan.S3(
                                "offsite",
                                "b.example",
                                "a/b",
                                "eu-central-1",
                                Optional.of(URI.create("https://s3.example.org:9000")),
                                true,
                                Optional.of(folder.resolve("secrets/aws-credentials"))),
                        new StorePlan.S3(
                                "aws", "b.example", "", "us-east-1", Optional.empty(), false, Optional.empty()));
        assertThat(plan.encryption()).contains(new EncryptionPlan(folder.resolve("secrets/backup.key")));
        assertThat(plan.notifyTargets()).containsExactly(new NotifyTarget.Slack(folder.resolve("secrets/slack-url")));
        assertThat(plan.engine()).isEqualTo(new EnginePlan.Saas("i", "bru-2", "c", folder.resolve("secrets/camunda")));
        assertThat(plan.state())
                .isEqualTo(new StatePlan.External(new Database(
                        "state",
                        "127.0.0.1",
                        5432,
                        "state",
                        "state",
                        Map.of(),
                        Optional.of(folder.resolve("secrets/state")))));
    }

    @Test
    void whoElseVouchesForPeopleIsReadWithTheRolesOfTheirGroups() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services: {wiki: {files: {pages: {path: /wiki}}}}
            stores: {local: {path: /backups}}
            console:
              address: https://firedrill.example.org
              oidc:
                issuer: https://login.example.org/realms/ops
                clientId: drill
                clientSecretFile: secrets/state
                nameClaim: email
                roles: {sre: [operator], leads: [operator, approver]}
            """));

        assertThat(plan.console().oidc()).contains(new OidcPlan(URI.create("https://login.example.org/realms/ops"), "drill",
                folder.resolve("secrets/state"), "email", "groups", Map.of("sre", List.of("operator"), "leads", List.of("operator", "approver"))));
    }

    @Test
    void aMailIsSentByTheServerNamedOrByTheMachinesOwn() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services: {wiki: {files: {pages: {path: /wiki}}}}
            stores: {local: {path: /backups}}
            notify:
              - email: ops@example.org
              - {email: ops@example.org, from: drill@example.org, smtp: "smtps://mail.example.org:465", user: drill, passwordFile: secrets/state}
            """));

        assertThat(plan.notifyTargets()).containsExactly(
                new NotifyTarget.Email("ops@example.org", "ops@example.org", URI.create("smtp://localhost:25"), Optional.empty()),
                new NotifyTarget.Email("ops@example.org", "drill@example.org", URI.create("smtps://mail.example.org:465"),
                        Optional.of(new NotifyTarget.Email.Login("drill", folder.resolve("secrets/state")))));
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services:
              shop:
                databases: {orders: {url: "postgresql://a@b/c"}}
                files: {uploads: {path: /data}}
                checks: [{name: answers, sql: select true}]
              wiki: {files: {pages: {path: /wiki}}, backups: [{kind: files, keep: {days: 3}}]}
            stores: {local: {path: /backups}}
            """));

        Service shop = plan.service("shop");
        assertThat(shop.objectives()).isEqualTo(new Objectives(Duration.ofHours(24), Duration.ofHours(4)));
        assertThat(shop.approvals()).isEqualTo(Approvals.DEFAULT);
        assertThat(shop.checks()).containsExactly(new Check.Sql("answers", "select true", "orders"));
        assertThat(shop.backups())
                .containsExactly(
                        new BackupEntry(BackupKind.LOGICAL, Optional.empty(), Keep.DEFAULT),
                        new BackupEntry(BackupKind.FILES, Optional.empty(), Keep.DEFAULT));
        assertThat(plan.service("wiki").backups().getFirst().keep()).isEqualTo(new Keep(3, 0, 0, 0, 2));
        assertThat(plan.encryption()).isEmpty();
        assertThat(plan.notifyTargets()).isEmpty();
        assertThat(plan.engine()).isEqualTo(new EnginePlan.Embedded());
        assertThat(plan.state()).isEqualTo(new StatePlan.Embedded());
    }

    @Test
    void aClusterIsNamedByBothItsAddresses() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services: {shop: {files: {uploads: {path: /data}}}}
            stores: {local: {path: /backups}}
            engine: {grpc: "https://zeebe.example.org:26500", rest: "https://zeebe.example.org"}
            """));

        assertThat(plan.engine())
                .isEqualTo(new EnginePlan.Cluster(
                        URI.create("https://zeebe.example.org:26500"), URI.create("https://zeebe.example.org")));
    }

    @Test
    void anchorsAndMergeKeysSaveRepetition() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services:
              shop:
                objectives: &strict {rpo: 15m, rto: 30m}
                files: {uploads: {path: /a}}
              desk:
                objectives: {<<: *strict, rto: 1h}
                files: {uploads: {path: /b}}
              wiki:
                objectives: *strict
                files: {uploads: {path: /c}}
            stores: {local: {path: /backups}}
            """));

        assertThat(plan.service("desk").objectives())
                .isEqualTo(new Objectives(Duration.ofMinutes(15), Duration.ofHours(1)));
        assertThat(plan.service("wiki").objectives())
                .isEqualTo(plan.service("shop").objectives());
    }

    @Test
    void twoSchedulesOfOneKindAreTwoEntries() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan("""
            services:
              shop:
                files: {uploads: {path: /a}}
                backups:
                  - {kind: files, schedule: "0 0 2 * * *", keep: {days: 9}}
                  - {kind: files, schedule: "0 0 12 * * MON-FRI", keep: {days: 9}}
            stores: {local: {path: /backups}}
            """));

        assertThat(plan.service("shop").backups())
                .extracting(BackupEntry::schedule)
                .containsExactly(Optional.of("0 0 2 * * *"), Optional.of("0 0 12 * * MON-FRI"));
    }

    @Test
    void theDigestIsThatOfTheFile() throws Exception {
        Path file = plans.plan(WHOLE);
        Process sha256sum = new ProcessBuilder("sha256sum", file.toString()).start();
        String expected =
                new String(sha256sum.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).split(" ")[0];

        assertThat(PlanReader.read(file).digest()).isEqualTo(expected);
    }

    @Test
    void positionsNameTheValueOfATextAndTheKeyOfAMap() throws Exception {
        ReadPlan read = PlanReader.readWithPositions(plans.plan(WHOLE));

        assertThat(at(read, "services.shop.databases.orders.url")).isEqualTo("5:21");
        assertThat(at(read, "services.shop.databases.orders")).isEqualTo("5:7");
        assertThat(at(read, "services.shop.checks[1].http")).isEqualTo("12:34");
        assertThat(at(read, "services.shop.checks[1]")).isEqualTo("12:9");
        assertThat(at(read, "stores.offsite.s3.bucket")).isEqualTo("22:26");
    }

    @Test
    void thePositionOfADefaultIsThatOfWhatIsAroundIt() throws Exception {
        ReadPlan read = PlanReader.readWithPositions(plans.plan(WHOLE));

        assertThat(at(read, "services.wiki.objectives.rpo")).isEqualTo("19:3");
        assertThat(at(read, "services.shop.checks[99].sql")).isEqualTo("10:5");
        assertThat(at(read, "nothing.like.that")).isEqualTo("1:1");
    }

    @Test
    void aLaterCheckTellsItsMistakeAtThePosition() throws Exception {
        ReadPlan read = PlanReader.readWithPositions(plans.plan(WHOLE));

        Mistake mistake = read.positions().positionOf("state.url").mistake("No answer.", "Start it.");

        assertThat(mistake).hasToString(read.plan().file() + ":28:14: No answer. Start it.");
    }

    private static String at(ReadPlan read, String path) {
        Position position = read.positions().positionOf(path);
        assertThat(position.file()).isEqualTo(read.plan().file());
        return position.line() + ":" + position.column();
    }

    @Test
    void aMissingPlanIsAMistakeLikeAnyOther() {
        Path file = folder.resolve("nowhere.yaml");

        PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(file));

        assertThat(thrown).hasMessageStartingWith(file + ":1:1: There is no plan file here.");
    }

    @Test
    void textThatIsNotUtf8IsToldWhereItStops() throws Exception {
        Path file = folder.resolve("latin1.yaml");
        Files.write(file, "services:\n  caf\u00e9: {}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> PlanReader.read(file)).hasMessageStartingWith(file + ":2:6: This is not UTF-8 text.");
    }

    @Test
    void aByteOrderMarkDoesNoHarm() throws Exception {
        assertThat(PlanReader.read(plans.plan("\ufeff" + WHOLE)).services()).hasSize(2);
    }

    @Test
    void whatIsMadeToExhaustMemoryIsRefused() throws Exception {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThatThrownBy(() -> PlanReader.read(plans.plan(laughs.toString())))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("More than 50 aliases");
        assertThatThrownBy(() -> PlanReader.read(plans.plan("a: " + "[".repeat(10_000))))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("nested more than 20 deep");
        assertThatThrownBy(() -> PlanReader.read(plans.plan("#".repeat(2_000_000))))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("larger than 1 MiB");
    }

    @Test
    void aKeyThatOthersCanReadIsAMistake() throws Exception {
        Path key = folder.resolve("secrets/backup.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(plans.plan(WHOLE)));

        assertThat(thrown.mistakes()).hasSize(1);
        assertThat(thrown.mistakes().getFirst().instead()).isEqualTo("Run: chmod 600 " + key);
        assertThat(thrown).hasMessageContaining(":24:23: 'keyFile': others than its owner can read");
    }

    @Test
    void aFileThatFiredrillMayNotReadIsAMistake() throws Exception {
        Path secret = folder.resolve("secrets/state");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(secret), "root reads everything");

        assertThatThrownBy(() -> PlanReader.read(plans.plan(WHOLE)))
                .hasMessageContaining(":28:66: 'passwordFile': no permission to read " + secret);
    }

    @Test
    void twoLinksToOneFolderAreOneFolder() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("link"), real);

        assertThatThrownBy(() -> PlanReader.read(plans.plan("""
            services: {shop: {files: {a: {path: real}, b: {path: link}}}}
            stores: {local: {path: /backups}}
            """))).hasMessageContaining("overlap");
    }

    @Test
    void noMistakeRepeatsASecret() throws Exception {
        Path file = plans.plan("""
            services:
              shop:
                databases:
                  a: {url: "postgresql://a:tell-no-one@b:99999/c?sslmod=x"}
                  b: {url: "postgresql:/a:tell-no-one@b/c"}
                checks: [{name: a, http: "http://a:tell-no-one@b/"}, {name: b, http: "http://a:tell-no-one@ b/"}]
            stores: {o: {s3: {bucket: abc, endpoint: "https://a:tell-no-one@b"}}}
            notify: [{slack: secrets/orders}]
            """);

        PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(file));

        assertThat(thrown.mistakes()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(thrown).hasMessageNotContaining("tell-no-one");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() throws Exception {
        RecoveryPlan plan = PlanReader.read(plans.plan(WHOLE));

        assertThatThrownBy(() -> plan.service("shpo"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("shop, wiki");
        assertThatThrownBy(() -> plan.service("shop").database("x")).hasMessageContaining("orders, users");
        assertThatThrownBy(() -> plan.service("wiki").database("x")).hasMessageContaining("The plan has no database");
    }
}
