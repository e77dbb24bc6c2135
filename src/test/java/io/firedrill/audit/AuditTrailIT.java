package io.firedrill.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.plan.StorePlan;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The chain in a real PostgreSQL: many writers, tampering of every kind, outages, and what the docs tell auditors to do. */
class AuditTrailIT {
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();
    private static final int ENTRIES = 12;

    @TempDir
    private static Path folder;

    /** A chain of {@value #ENTRIES} entries, anchored at 5 and 9, that tests copy and spoil. */
    private static Store anchored;

    private static int databases;

    private final List<AuditTrail> open = new ArrayList<>();

    @BeforeAll
    static void makeAChain() {
        POSTGRES.create("audited");
        migrate("audited");
        anchored = store("anchored");
        Anchors anchors = anchors(anchored);
        try (AuditTrail trail = new AuditTrail(POSTGRES.dataSource("audited"), folder.resolve("made"), Clock.systemUTC())) {
            for (int i = 1; i <= ENTRIES; i++) {
                trail.record(entry("person-" + i, "start-backup"), i == 3 ? "what was shown, with ü and \"quotes\"" : null);
                long chained = i;
                Awaitility.await().until(() -> trail.head().map(Row::n).orElse(0L) == chained);
                if (i == 5 || i == 9) {
                    anchors.write(trail.head().orElseThrow(), Instant.parse("2026-11-25T08:00:00Z"), "here");
                }
            }
        }
    }

    @AfterAll
    static void remove() {
        for (int i = 1; i <= databases; i++) {
            POSTGRES.drop("audited" + i);
        }
        POSTGRES.drop("audited");
    }

    @AfterEach
    void close() {
        open.forEach(AuditTrail::close);
    }

    private static void migrate(String database) {
        Flyway.configure().dataSource(POSTGRES.dataSource(database)).schemas("firedrill").outOfOrder(true).load().migrate();
    }

    private static Store store(String name) {
        return Stores.open(new StorePlan.Directory(name, folder.resolve(name)));
    }

    private static Anchors anchors(Store store) {
        return new Anchors(List.of(store), AnchorKey.ofFile(folder.resolve("anchor.key")), Optional.empty());
    }

    private static Entry entry(String who, String action) {
        return Entry.of(Instant.parse("2026-11-25T07:30:00.123Z"), who, action, Outcome.DONE,
                Map.of(Fact.SERVICE, "shop", Fact.DETAIL, "sagt \"ja\", \\ und\nsoğuk 🔥\u0000\u001b", Fact.INCIDENT, ""));
    }

    private static String copy() {
        String name = "audited" + ++databases;
        POSTGRES.sql("postgres", "create database %s template audited".formatted(name));
        return name;
    }

    private AuditTrail trail(DataSource database, String host) {
        AuditTrail trail = new AuditTrail(database, folder.resolve(host), Clock.systemUTC());
        open.add(trail);
        return trail;
    }

    private AuditTrail trail(String database) {
        return trail(POSTGRES.dataSource(database), "of-" + database);
    }

    /** As somebody does who may do anything in the database. */
    private static void tamper(String database, String... statements) {
        List<String> all = new ArrayList<>(List.of(
                "alter table firedrill_audit.entry disable trigger all",
                "alter table firedrill_audit.entry drop constraint if exists hash_is_right"));
        all.addAll(List.of(statements));
        POSTGRES.sql(database, all.toArray(String[]::new));
    }

    private Verdict verdictOn(String database) {
        return trail(database).verify(anchors(anchored).read(List.of()));
    }

    @Test
    void writersOfSeveralServersMakeOneChain() throws InterruptedException {
        String database = copy();
        List<AuditTrail> servers = List.of(
                trail(POSTGRES.dataSource(database), "one"), trail(POSTGRES.dataSource(database), "two"), trail(POSTGRES.dataSource(database), "three"));
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> people = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            AuditTrail server = servers.get(i % 3);
            String who = "w" + i;
            people.add(Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                for (int n = 0; n < 20; n++) {
                    server.record(entry(who, "step-" + n));
                }
            }));
        }
        go.countDown();
        for (Thread person : people) {
            person.join();
        }
        Awaitility.await().untilAsserted(() -> assertThat(servers).allMatch(server -> server.waiting() == 0));
        Verdict verdict = servers.getFirst().verify(anchors(anchored).read(List.of()));
        assertThat(verdict.findings()).isEmpty();
        assertThat(verdict.entries()).isEqualTo(ENTRIES + 180);
        assertThat(POSTGRES.value(database, "select count(distinct id) from firedrill_audit.entry")).isEqualTo("" + (ENTRIES + 180));
        assertThat(servers.getFirst().search(new Search("w4", null, "step-1", null, null, null, null, 100, true)))
                .hasSize(11)
                .isSortedAccordingTo((a, b) -> Long.compare(b.n(), a.n()));
    }

    @Test
    void theTableRefusesToForget() {
        String database = copy();
        for (String attempt : List.of("update firedrill_audit.entry set hash = hash", "delete from firedrill_audit.entry where n = 12",
                "truncate firedrill_audit.entry", "delete from firedrill_audit.shown",
                "set session_replication_role = replica; delete from firedrill_audit.entry")) {
            assertThatThrownBy(() -> POSTGRES.sql(database, attempt)).hasMessageContaining("append-only");
        }
        assertThatThrownBy(() -> POSTGRES.sql(database, "insert into firedrill_audit.entry (n, entry, hash) select 13,"
                        + " e::json, encode(sha256(convert_to(e, 'UTF8')), 'hex') from (select '{\"action\":\"x\",\"id\":\"x\",\"n\":13,\"prev\":\"0\"}' as e) x"))
                .hasMessageContaining("not chained");
        assertThat(verdictOn(database).intact()).isTrue();
    }

    @Test
    void aChangedEntryIsNamed() {
        String database = copy();
        tamper(database, "update firedrill_audit.entry set entry = replace(entry::text, 'person-4', 'person-5')::json where n = 4");
        assertFirst(verdictOn(database), 4, "changed");
    }

    @Test
    void aChangedEntryWhoseHashWasMadeToFitIsNamed() {
        String database = copy();
        tamper(database, "update firedrill_audit.entry set entry = replace(entry::text, 'person-4', 'person-5')::json where n = 4",
                "update firedrill_audit.entry set hash = encode(sha256(convert_to(entry::text, 'UTF8')), 'hex') where n = 4");
        assertFirst(verdictOn(database), 4, "not-chained");
    }

    @Test
    void aRemovedEntryIsNamed() {
        String database = copy();
        tamper(database, "delete from firedrill_audit.entry where n in (6, 7)");
        Verdict verdict = verdictOn(database);
        assertFirst(verdict, 6, "removed");
        assertThat(verdict.first().what()).contains("6 to 7");
    }

    @Test
    void exchangedEntriesAreNamed() {
        String database = copy();
        tamper(database, "update firedrill_audit.entry set n = n + 100 where n in (6, 7)",
                "update firedrill_audit.entry set n = case n when 106 then 7 else 6 end where n > 100");
        assertFirst(verdictOn(database), 6, "moved");
    }

    @Test
    void anEntryPutInIsNamed() {
        String database = copy();
        // With everything behind it moved on by one.
        tamper(database, "update firedrill_audit.entry set n = n + 101 where n >= 6",
                "update firedrill_audit.entry set n = n - 100 where n > 100",
                "insert into firedrill_audit.entry (n, entry, hash, at) select 6, e::json, encode(sha256(convert_to(e, 'UTF8')), 'hex'), now()"
                        + " from (select '{\"action\":\"x\",\"at\":\"2026-11-25T07:30:00Z\",\"id\":\"x\",\"n\":6,\"outcome\":\"done\",\"prev\":\"'"
                        + " || (select hash from firedrill_audit.entry where n = 5) || '\",\"who\":\"x\"}' as e) x");
        Verdict verdict = verdictOn(database);
        assertThat(verdict.intact()).isFalse();
        assertThat(verdict.first().n()).isBetween(6L, 7L);
    }

    @Test
    void aChainMadeAnewIsFoundByItsAnchors() {
        String database = copy();
        // Everybody is somebody else from entry 7 on, and every hash fits.
        tamper(database, """
                do $$
                declare line text; head text := (select hash from firedrill_audit.entry where n = 6);
                begin
                    for i in 7..12 loop
                        select regexp_replace(replace(entry::text, 'person-', 'nobody-'), '"prev":"[0-9a-f]*"', '"prev":"' || head || '"')
                            into line from firedrill_audit.entry where n = i;
                        head := encode(sha256(convert_to(line, 'UTF8')), 'hex');
                        update firedrill_audit.entry set entry = line::json, hash = head where n = i;
                    end loop;
                end $$
                """);
        assertThat(trail(database).verify(List.of()).intact()).as("without anchors nobody could tell").isTrue();
        Verdict verdict = verdictOn(database);
        assertFirst(verdict, 6, "rewritten");
        assertThat(verdict.first().what()).contains("Between entry 6 and 9");
        assertThat(verdict.lastAnchored()).isEqualTo(5);
    }

    @Test
    void anEndCutOffIsFoundByItsAnchors() {
        String database = copy();
        tamper(database, "delete from firedrill_audit.entry where n > 7");
        assertFirst(verdictOn(database), 8, "removed");
    }

    private static void assertFirst(Verdict verdict, long n, String kind) {
        assertThat(verdict.intact()).isFalse();
        assertThat(verdict.first()).extracting(Verdict.Finding::n, Verdict.Finding::kind).containsExactly(n, kind);
    }

    @Test
    void anAnchorOfAnotherKeyOrWithAnotherTextIsAFinding() throws IOException {
        Store store = store("forged");
        Anchors theirs = new Anchors(List.of(store), AnchorKey.ofFile(folder.resolve("their.key")), Optional.empty());
        String database = copy();
        theirs.write(trail(database).head().orElseThrow(), Instant.now(), "there");
        String own = AnchorKey.ofFile(folder.resolve("anchor.key")).publicPem();
        Verdict verdict = trail(database).verify(anchors(store).read(List.of(own)));
        assertThat(verdict.findings()).singleElement().satisfies(finding -> assertThat(finding.what()).contains("not known"));
        assertThat(trail(database).verify(anchors(store).read(List.of())).intact()).as("its key lies in the store").isTrue();
        Path file = folder.resolve("forged/audit.anchors/%020d-%s.json".formatted(ENTRIES, theirs.key().id()));
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, Files.readString(file).replace("\\\"n\\\":12", "\\\"n\\\":11"));
        assertThat(trail(database).verify(anchors(store).read(List.of())).first().what()).contains("signature is wrong");
    }

    @Test
    void whatHappensWhileTheStateDatabaseIsAwayIsChainedOnceItIsBack() throws IOException {
        String database = copy();
        PGSimpleDataSource source = (PGSimpleDataSource) POSTGRES.dataSource(database);
        source.setDatabaseName("not-there-yet");
        Path host = folder.resolve("away");
        AuditTrail.leave(host, entry("break-glass", "restore"));
        // A server that ended in the middle of a line, and one that ended between chaining and forgetting.
        Files.writeString(host.resolve("spool.jsonl"), "{\"entry\":{\"id\":\"half", java.nio.file.StandardOpenOption.APPEND);
        Entry twice = entry("twice", "start-drill");
        Files.writeString(host.resolve("taken-1"), Lines.waiting(twice, null) + "\n" + Lines.waiting(twice, null) + "\n");
        AuditTrail trail = trail(source, "away");
        trail.record(entry("anna", "complete-task"), "the plan");
        assertThat(trail.waiting()).isEqualTo(5);
        assertThat(POSTGRES.value(database, "select max(n) from firedrill_audit.entry")).isEqualTo("" + ENTRIES);
        source.setDatabaseName(database);
        Awaitility.await().untilAsserted(() -> assertThat(trail.waiting()).isZero());
        assertThat(POSTGRES.column(database, "select who || ' ' || action from firedrill_audit.entry where n > %d order by who".formatted(ENTRIES)))
                .containsExactly("anna complete-task", "break-glass restore", "nobody audit-line-torn", "twice start-drill");
        assertThat(trail.shown(Digests.of("the plan"))).contains("the plan");
        assertThat(verdictOn(database).intact()).isTrue();
    }

    @Test
    void theEnginesRecordsAreChainedAndHeldTo() throws IOException {
        String database = copy();
        String schema = new String(AuditTrailIT.class.getResourceAsStream("/db/exporter/V1__engine_history.sql").readAllBytes(), StandardCharsets.UTF_8);
        String record = """
                insert into engine_history.record values (1, %d, now(), '%s', '%s', 1, 42, 'Task_Approve', '%s')""";
        POSTGRES.sql(database, "create schema engine_history", schema,
                "insert into engine_history.variable values (1, 42, 42, 'service', '\"shop\"', now(), 1), (2, 42, 42, 'incident', '\"INC-1\"', now(), 1)",
                record.formatted(3, "USER_TASK", "COMPLETED", """
                        {"value": {"userTaskKey": 7, "variables": {"decision": "approve", "decidedBy": "anna", "reason": "good"}}}"""),
                record.formatted(4, "TIMER", "CREATED", "{}"),
                record.formatted(5, "INCIDENT", "CREATED", "{\"value\": {\"errorMessage\": \"disk full\"}}"),
                "insert into engine_history.progress values (1, 5, now(), now())");
        AuditTrail trail = trail(database);
        Search incident = new Search(null, "INC-1", null, null, null, null, null, 10, false);
        Awaitility.await().untilAsserted(() -> assertThat(trail.search(incident)).hasSize(2));
        assertThat(trail.search(incident).getLast().line())
                .contains("\"action\":\"engine-user-task-completed\"", "\"decided\":\"approve\"", "\"detail\":\"anna\"", "\"record\":\"1/3\"",
                        "\"service\":\"shop\"", "\"task\":\"7\"", "\"run\":\"42\"");
        assertThat(trail.search(new Search(null, "INC-1", null, null, null, null, null, 10, true))).isEmpty();
        assertThat(verdictOn(database).intact()).isTrue();
        POSTGRES.sql(database, "update engine_history.record set record = replace(record::text, 'anna', 'otto')::json where position = 3");
        assertThat(verdictOn(database).first().what()).contains("1/3");
    }

    @Test
    void auditorsCanCheckTheExportAsTheDocsSay() throws IOException, InterruptedException {
        Path work = Files.createDirectories(folder.resolve("auditor"));
        StringBuilder lines = new StringBuilder();
        StringBuilder csv = new StringBuilder(Csv.header());
        String database = copy();
        AuditTrail trail = trail(database);
        trail.read(0, row -> {
            lines.append(row.line()).append('\n');
            csv.append(Csv.row(row));
            return true;
        });
        Files.writeString(work.resolve("audit.jsonl"), lines);
        Files.writeString(work.resolve("audit.csv"), csv);
        Row head = trail.head().orElseThrow();
        assertThat(shell(work, "bash", recipe("audit.jsonl"))).isEqualTo(head.n() + " " + head.hash());
        assertThat(shell(work, "python3", recipe("audit.csv"))).isEqualTo(head.n() + " " + head.hash());
        Anchors.Found anchor = anchors(anchored).read(List.of()).getLast();
        Path there = folder.resolve("anchored/audit.anchors");
        try (var files = Files.list(there)) {
            for (Path file : files.toList()) {
                Files.copy(file, work.resolve(file.getFileName().toString().endsWith(".pem") ? "key.pem" : file.toString().contains("00009-") ? "anchor.json" : "other.json"));
            }
        }
        assertThat(shell(work, "bash", recipe("anchor.json"))).isEqualTo("9 " + anchor.hash());
        assertThat(anchor.hash()).isEqualTo(Digests.of(lines.toString().split("\n")[8]));

        Files.writeString(work.resolve("audit.jsonl"), lines.toString().replaceFirst("person-3", "person-2"));
        assertThat(shell(work, "bash", recipe("audit.jsonl"))).isEqualTo("entry 4 does not fit");
        Files.writeString(work.resolve("audit.csv"), csv.toString().replace("person-3", "person-2"));
        assertThat(shell(work, "python3", recipe("audit.csv"))).isEqualTo("entry 3 does not fit");
        Files.writeString(work.resolve("anchor.json"), Files.readString(work.resolve("anchor.json")).replace("\\\"n\\\":9", "\\\"n\\\":8"));
        assertThat(shell(work, "bash", recipe("anchor.json"))).isEmpty();
    }

    @Test
    void withTheDocsScriptFiredrillsRoleCanAppendAndNothingElse() throws IOException {
        String database = copy();
        String script = recipe("sql").replaceAll("\\bfiredrill_auditor\\b", "auditor_it").replaceAll("(from|to) firedrill;", "$1 app_it;");
        POSTGRES.sql("postgres", "drop role if exists app_it", "drop role if exists auditor_it", "create role app_it login password 'x'");
        try {
            POSTGRES.sql(database, script.split(";\\s*"));
            POSTGRES.sql(database, "grant usage on schema firedrill to app_it", "grant all on all tables in schema firedrill to app_it");
            PGSimpleDataSource app = (PGSimpleDataSource) POSTGRES.dataSource(database);
            app.setUser("app_it");
            app.setPassword("x");
            AuditTrail trail = trail(app, "least");
            trail.record(entry("anna", "complete-task"), "shown");
            Awaitility.await().untilAsserted(() -> assertThat(trail.head().orElseThrow().n()).isEqualTo(ENTRIES + 1));
            for (String attempt : List.of("update firedrill_audit.entry set hash = ''", "delete from firedrill_audit.entry", "truncate firedrill_audit.entry",
                    "alter table firedrill_audit.entry disable trigger all", "drop table firedrill_audit.entry", "drop schema firedrill_audit cascade",
                    "create or replace function firedrill_audit.refuse() returns trigger language plpgsql as 'begin return null; end'")) {
                assertThatThrownBy(() -> {
                            try (var connection = app.getConnection(); var statement = connection.createStatement()) {
                                statement.execute(attempt);
                            }
                        }).as(attempt)
                        .hasMessageMatching("(?s).*(permission denied|must be owner).*");
            }
        } finally {
            close();
            open.clear();
            POSTGRES.sql(database, "reassign owned by auditor_it to current_user", "drop owned by app_it", "drop owned by auditor_it");
            POSTGRES.sql("postgres", "drop role app_it", "drop role auditor_it");
        }
    }

    /** The block of docs/audit.md whose first line, or language, names this. */
    private static String recipe(String named) throws IOException {
        Matcher blocks = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$").matcher(Files.readString(Path.of("docs/audit.md")));
        while (blocks.find()) {
            if (blocks.group(1).equals(named) || blocks.group(2).startsWith("# " + named)) {
                return blocks.group(2);
            }
        }
        throw new AssertionError("docs/audit.md has no recipe for " + named);
    }

    private static String shell(Path folder, String program, String script) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(program, "-c", script).directory(folder.toFile()).redirectErrorStream(true).start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            process.waitFor();
            return printed.lines().filter(line -> !line.startsWith("Signature")).reduce((a, b) -> b).orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
