package io.firedrill.cli;

import static io.firedrill.cli.CommandLineFixture.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.cli.CommandLineFixture.Done;
import io.firedrill.client.Json;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.Scene;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.S3ProxyServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command {@code restore} on a machine that has the store and the key and nothing else. */
class BreakGlassIT {
    private static final String DB = "glass";

    private static ThrowawayPostgres postgres;
    private static S3ProxyServer s3;
    private static Scene scene;
    private static BackupId dump;
    private static BackupId files;
    private static Path folder;

    @BeforeAll
    static void backedUp(@TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.ALWAYS) Path dir) throws Exception {
        folder = dir;
        postgres = ThrowawayPostgres.shared();
        s3 = S3ProxyServer.start(Files.createDirectory(dir.resolve("s3")));
        scene = new Scene(postgres, dir, DB, s3.plan("offsite", "dr/site"));
        postgres.sql(DB, "create table orders (id int primary key, what text)",
                "insert into orders select n, 'order ' || n from generate_series(1, 5000) n",
                "alter database " + DB + " set work_mem to '17MB'", "alter database " + DB + " connection limit 40");
        Files.writeString(scene.uploads.resolve("one.txt"), "first");
        Files.createDirectory(scene.uploads.resolve("sub"));
        Files.writeString(scene.uploads.resolve("sub/ünï.txt"), "second");
        List<BackupId> taken = scene.everythingOffsite();
        dump = taken.get(0);
        files = taken.get(1);
    }

    @AfterAll
    static void end() {
        scene.close();
        s3.close();
    }

    private static String bucket() {
        return "s3://%s/dr/site?endpoint=%s&credentialsFile=%s".formatted(
                S3ProxyServer.BUCKET, s3.endpoint(), s3.credentials("not-a-secret"));
    }

    private static String url(String dbname) {
        return "postgresql://firedrill@127.0.0.1:%d/%s".formatted(postgres.server().port(), dbname);
    }

    private static Done restore(String from, String... more) {
        List<String> all = new ArrayList<>(List.of("restore", "--from", from, "--json"));
        all.addAll(List.of(more));
        all.addAll(List.of("--password-file", postgres.database("x", "x").passwordFile().orElseThrow().toString()));
        return plain(all.toArray(String[]::new));
    }

    private static Done restoreWithKey(String from, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("--key", scene.keyFile().toString()));
        return restore(from, all.toArray(String[]::new));
    }

    private static JsonNode json(Done done) {
        assertThat(done.out()).as(done.err()).isNotBlank();
        return Json.parse(done.lines().getLast());
    }

    private static void assertRefused(Done done, String what, String next) {
        assertThat(done.err()).contains(what).contains(next).contains("othing was changed");
        assertThat(done.exit()).isEqualTo(Exit.BAD_INPUT);
        assertThat(done.out()).isEmpty();
    }

    private static List<String> left(String name) {
        return postgres.column("postgres", "select datname from pg_database where datname like '" + name + "%' order by 1");
    }

    @Test
    void listsWhatABucketHas() {
        Done done = restore(bucket(), "--list");
        assertThat(done.exit()).isEqualTo(Exit.DONE);
        assertThat(json(done).path("backups").valueStream().map(one -> one.path("id").stringValue()))
                .containsExactlyInAnyOrder(dump.value(), files.value());
        assertThat(json(done).path("backups").valueStream().map(one -> one.path("state").stringValue())).containsOnly("verified");
    }

    @Test
    void aDatabaseComesOutOfABucketProvenAndLikeItWas() {
        Done done = restoreWithKey(bucket(), "--backup", "latest", "--into", url("glass_new"));
        try {
            assertThat(done.exit()).as(done.err()).isEqualTo(Exit.DONE);
            assertThat(json(done).path("state").stringValue()).isEqualTo("proven");
            assertThat(json(done).path("rows").intValue()).isEqualTo(5000);
            assertThat(postgres.value("glass_new", "select count(*) from orders")).isEqualTo("5000");
            assertThat(postgres.value("glass_new", "show work_mem")).isEqualTo("17MB");
            assertThat(postgres.value("glass_new", "select datconnlimit from pg_database where datname = current_database()"))
                    .isEqualTo("40");
            assertThat(postgres.value("glass_new", "select count(*) from pg_db_role_setting, unnest(setconfig) c where c like 'firedrill.%'"))
                    .isEqualTo("0");
            assertThat(left("glass_new")).containsExactly("glass_new");
        } finally {
            postgres.drop("glass_new");
        }
    }

    @Test
    void anEmptyDatabaseIsSetAsideNotDropped() {
        postgres.create("glass_empty");
        try {
            Done done = restoreWithKey(scene.local().toString(), "--backup", dump.value(), "--into", url("glass_empty"));
            assertThat(done.exit()).as(done.err()).isEqualTo(Exit.DONE);
            String aside = json(done).path("left").stringValue();
            assertThat(left("glass_empty")).containsExactly("glass_empty", aside);
            assertThat(postgres.value("glass_empty", "select count(*) from orders")).isEqualTo("5000");
        } finally {
            left("glass_empty").forEach(postgres::drop);
        }
    }

    @Test
    void aLiveDatabaseIsNeverRestoredInto() {
        assertRefused(restoreWithKey(bucket(), "--backup", "latest", "--into", url(DB)), "is not empty: it holds", "does not exist yet or is empty");
        assertThat(scene.rows(DB, "orders")).isEqualTo("5000");
        assertThat(left(DB + "\\_")).isEmpty();
    }

    @Test
    void aDatabaseWithOneFunctionIsNotEmpty() {
        postgres.create("glass_function");
        try {
            postgres.sql("glass_function", "create function f() returns int language sql as 'select 1'");
            assertRefused(restoreWithKey(bucket(), "--backup", "latest", "--into", url("glass_function")), "1 functions", "is empty");
        } finally {
            postgres.drop("glass_function");
        }
    }

    @Test
    void filesComeOutOfABucketAndOutOfAFolder() throws Exception {
        Path fromBucket = folder.resolve("from bucket");
        Path fromFolder = Files.createDirectory(folder.resolve("from-folder"));
        assertThat(restoreWithKey(bucket(), "--backup", "latest", "--into", fromBucket.toString()).exit()).isEqualTo(Exit.DONE);
        Done done = restoreWithKey(scene.local().toString(), "--backup", files.value(), "--into", fromFolder.toString());
        assertThat(done.exit()).as(done.err()).isEqualTo(Exit.DONE);
        assertThat(json(done).path("files").intValue()).isEqualTo(2);
        for (Path restored : List.of(fromBucket, fromFolder)) {
            assertThat(restored.resolve("one.txt")).hasContent("first");
            assertThat(restored.resolve("sub/ünï.txt")).hasContent("second");
            assertThat(restored.resolveSibling(restored.getFileName() + "_restoring")).doesNotExist();
        }
        assertRefused(restoreWithKey(bucket(), "--backup", "latest", "--into", fromFolder.toString()), "one.txt, sub", "is empty");
    }

    @Test
    void aDryRunTellsThePlanAndMakesNothing() {
        Path nowhere = folder.resolve("not made");
        Done done = restoreWithKey(bucket(), "--backup", "latest", "--into", nowhere.toString(), "--dry-run");
        assertThat(done.exit()).isEqualTo(Exit.DONE);
        assertThat(json(done).path("dryRun").booleanValue()).isTrue();
        assertThat(json(done).path("backup").stringValue()).isEqualTo(files.value());
        assertThat(done.err()).contains("Nothing was changed");
        assertThat(nowhere).doesNotExist();
        assertThat(restoreWithKey(bucket(), "--backup", "latest", "--into", url("glass_dry"), "--dry-run").exit()).isEqualTo(Exit.DONE);
        assertThat(left("glass_dry")).isEmpty();
    }

    @Test
    void whatIsMistypedIsNamedWithTheChoices() {
        String into = folder.resolve("never").toString();
        assertRefused(restoreWithKey(bucket(), "--backup", files.value().replace("01T", "02T"), "--into", into), "There is no backup", files.value());
        assertRefused(restore(bucket(), "--backup", "latest", "--into", into), "is encrypted, for age1", "--key FILE");
        assertRefused(restore(bucket(), "--backup", "latest", "--into", into, "--key", otherKey()), "is sealed for age1", "other half");
        assertRefused(restore("/no/such/folder", "--list"), "There is no folder /no/such/folder", "backups lie in");
        assertRefused(restore("ftp://host/x", "--list"), "is no store", "s3://BUCKET");
        assertRefused(restore("s3://bucket/p?regoin=x", "--list"), "no parameter 'regoin'", "region, endpoint");
        assertRefused(restore(bucket(), "--list", "--service", "shoop"), "fits", "shop orders (logical)");
        assertRefused(restoreWithKey(bucket(), "--to", "yesterday", "--into", into), "is not a moment", "2026-11-23T08:45:00Z");
        assertRefused(restoreWithKey(bucket(), "--to", "2020-01-01T00:00:00Z", "--into", into), "fits", "since 20");
        assertRefused(restoreWithKey(bucket(), "--backup", "latest", "--kind", "logical", "--into", into), "cannot go into folder", "postgresql://");
        assertRefused(restoreWithKey(bucket(), "--into", into), "No backup was named", "--backup latest");
        assertRefused(restore(bucket(), "--backup", "latest", "--into", "postgresql://me:pw@localhost/x"), "holds a password", "--password-file");
        assertThat(folder.resolve("never")).doesNotExist();
    }

    private static String otherKey() {
        Path other = folder.resolve("other.key");
        if (!Files.exists(other)) {
            Keys.generate(other);
        }
        return other.toString();
    }

    @Test
    void aDamagedCopyIsNeverPutInPlace() throws Exception {
        Path copy = folder.resolve("damaged copy");
        copyTree(scene.local(), copy);
        Path object;
        try (var all = Files.walk(copy)) {
            object = all.filter(path -> path.getFileName().toString().startsWith("dump.")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
        Done done = restoreWithKey(copy.toString(), "--backup", dump.value(), "--into", url("glass_damaged"));
        try {
            assertThat(done.exit()).isEqualTo(Exit.FAILED);
            assertThat(done.err()).contains("SHA-256");
            assertThat(left("glass_damaged")).doesNotContain("glass_damaged");
        } finally {
            left("glass_damaged").forEach(postgres::drop);
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            all.forEach(path -> {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()), java.nio.file.LinkOption.NOFOLLOW_LINKS);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
