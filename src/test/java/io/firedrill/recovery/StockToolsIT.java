package io.firedrill.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.Measure;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifests;
import io.firedrill.store.S3ProxyServer;
import io.firedrill.store.StockTools;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of docs/break-glass.md, as they stand there, against real stores: nothing of ours is needed. */
class StockToolsIT {
    private static final String DB = "stock";
    private static final String NEW = "stock_again";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private final Map<String, String> blocks = blocks();
    private S3ProxyServer s3;
    private Scene scene;
    private BackupId dump;
    private BackupId files;

    @TempDir
    private Path folder;

    @BeforeEach
    void backedUp() throws Exception {
        StockTools.requireAge();
        StockTools.require("aws", "awscli");
        StockTools.require("jq", "jq");
        s3 = S3ProxyServer.start(Files.createDirectory(folder.resolve("s3")));
        scene = new Scene(postgres, folder, DB, s3.plan("offsite", "dr"));
        postgres.drop(NEW);
        postgres.sql(DB, "create schema sales", "create table sales.orders (id serial primary key, what text)",
                "insert into sales.orders (what) select 'order ' || n from generate_series(1, 3000) n",
                "create view sales.newest as select max(id) from sales.orders", "select lo_from_bytea(4711, 'large')",
                "alter database " + DB + " set work_mem to '17MB'", "grant create on database " + DB + " to pg_monitor");
        Files.createDirectories(scene.uploads.resolve("sub/empty"));
        Files.writeString(scene.uploads.resolve("one.txt"), "first");
        Files.writeString(scene.uploads.resolve("sub/two.txt"), "second");
        List<BackupId> taken = scene.everythingOffsite();
        dump = taken.get(0);
        files = taken.get(1);
    }

    @AfterEach
    void end() {
        postgres.drop(NEW);
        scene.close();
        s3.close();
    }

    @Test
    void aDatabaseAndFilesComeOutOfAFolderStore() throws Exception {
        assertThat(shell("folder list")).contains(dump.value(), files.value());
        shell("folder fetch", "check", "database", "rows", "folder files");
        assertRestored();
        shell("folder files check");
    }

    @Test
    void aDatabaseAndFilesComeOutOfABucket() throws Exception {
        assertThat(shell("bucket list")).contains(dump.value(), files.value());
        shell("bucket fetch", "check", "database", "rows", "bucket files");
        assertRestored();
        shell("bucket files check");
    }

    @Test
    void aDamagedPartIsSeenByTheCheck() throws Exception {
        shell("bucket fetch");
        Path part;
        try (var parts = Files.list(folder.resolve("shell/work"))) {
            part = parts.filter(path -> path.getFileName().toString().startsWith("dump.")).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length / 2] ^= 1;
        Files.write(part, bytes);
        Command.Result<String> result = run("check");
        assertThat(result.exit()).isNotZero();
        assertThat(result.value()).contains("manifest.json: OK").contains(part.getFileName() + ": FAILED");
    }

    /** By the product's own measure, against what the backup recorded. */
    private void assertRestored() throws Exception {
        String settings = shell("settings").lines().filter(line -> line.matches("(alter|grant) .*")).collect(java.util.stream.Collectors.joining());
        postgres.sql("postgres", settings);
        DatabaseContents recorded = Manifests.read(scene.stores.primary(), dump).contents();
        DatabaseContents now = Measure.database(postgres.database("orders", NEW), null, 2, Progress.NONE);
        assertThat(now.tables()).isEqualTo(recorded.tables());
        assertThat(now.sequences()).isEqualTo(recorded.sequences());
        assertThat(now.largeObjects()).isEqualTo(recorded.largeObjects());
        assertThat(now.inventory()).isEqualTo(recorded.inventory());
        assertThat(tree(folder.resolve("again"))).isEqualTo(tree(scene.uploads));
    }

    /** Type, mode, owner, size, content and path of everything in it. */
    private static List<List<Object>> tree(Path root) {
        return Measure.entries(root, Progress.NONE).stream()
                .map(e -> List.<Object>of(e.type(), e.mode(), e.uid(), e.gid(), e.size(), e.content(), e.path()))
                .toList();
    }

    private String shell(String... names) throws IOException {
        Command.Result<String> result = run(names);
        assertThat(result.exit()).as(result.value() + result.stderr()).isZero();
        return result.value();
    }

    /** Each in the page's order, in one shell, stopping at the first error. */
    private Command.Result<String> run(String... names) throws IOException {
        Path work = Files.createDirectories(folder.resolve("shell"));
        StringBuilder script = new StringBuilder("set -euo pipefail\n"
                + "aws() { command aws --endpoint-url \"$ENDPOINT\" \"$@\"; }\n"
                + (names[0].equals("check") ? "" : "if [ -d work ]; then cd work; fi\n"));
        for (String name : names) {
            assertThat(blocks).containsKey(name);
            script.append(blocks.get(name)).append('\n');
        }
        Path home = Files.createDirectories(folder.resolve("home/.aws"));
        Files.copy(s3.credentials("not-a-secret"), home.resolve("credentials"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String pgpass = "*:*:*:*:" + Files.readString(postgres.database("x", "x").passwordFile().orElseThrow()).strip().replace(":", "\\:");
        Path passwords = Files.writeString(folder.resolve("home/.pgpass"), pgpass);
        Files.setPosixFilePermissions(passwords, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        boolean bucket = String.join(" ", names).contains("bucket");
        return Command.of("/bin/bash", "-c", script.toString())
                .withDirectory(work)
                .withDeadline(Duration.ofMinutes(2))
                .withEnvironment(Map.ofEntries(
                        Map.entry("HOME", folder.resolve("home").toString()),
                        Map.entry("AWS_DEFAULT_REGION", "us-east-1"),
                        Map.entry("ENDPOINT", s3.endpoint().toString()),
                        Map.entry("KEY", scene.keyFile().toString()),
                        Map.entry("STORE", scene.local().toString()),
                        Map.entry("BUCKET", "s3://" + S3ProxyServer.BUCKET + "/dr"),
                        Map.entry("BACKUP", Scene.SERVICE + "/" + dump),
                        Map.entry("FILES", Scene.SERVICE + "/" + files),
                        Map.entry("NEW", NEW),
                        Map.entry("INTO", folder.resolve("again").toString()),
                        Map.entry("PATH", "/usr/bin:/bin"),
                        Map.entry("PGHOST", "127.0.0.1"),
                        Map.entry("PGPORT", String.valueOf(postgres.server().port())),
                        Map.entry("PGUSER", LocalPostgres.SUPERUSER)))
                .run();
    }

    /** The page's blocks that begin {@code ```sh NAME}, by name. */
    private static Map<String, String> blocks() {
        try {
            Matcher matcher = Pattern.compile("(?ms)^```sh ([a-z ]+)\\n(.*?)^```$").matcher(Files.readString(Path.of("docs/break-glass.md")));
            Map<String, String> blocks = new LinkedHashMap<>();
            while (matcher.find()) {
                blocks.put(matcher.group(1), matcher.group(2));
            }
            return blocks;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
