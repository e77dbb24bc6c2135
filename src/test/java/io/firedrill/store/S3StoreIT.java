package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.StorePlan;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real S3-compatible server. */
class S3StoreIT extends StoreContract {
    @TempDir
    static Path folder;

    private static final Patience HURRIED = new Patience(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(50));
    private static S3ProxyServer server;
    private Store store;

    @BeforeAll
    static void start() throws IOException {
        server = S3ProxyServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        store = Stores.open(server.plan("offsite", "prefix-" + UUID.randomUUID()));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    Store store() {
        return store;
    }

    @Test
    void refusedCredentialsAreNamed() {
        try (Store refused = Stores.open(server.plan("offsite", S3ProxyServer.BUCKET, "p", server.credentials("wrong")))) {
            assertFails("store-refused", false, () -> refused.list(""));
            assertFails("store-refused", false, () -> refused.open("x"));
            assertFails("store-refused", false, () -> refused.head("x"));
            assertFails("store-refused", false, () -> {
                try (ObjectSink sink = refused.create("x")) {
                    sink.write(1);
                    sink.commit();
                }
            });
        }
    }

    @Test
    void aMissingCredentialsFileIsNamed() {
        assertFails("credentials-missing", false,
                () -> Stores.open(server.plan("offsite", S3ProxyServer.BUCKET, "p", folder.resolve("none"))));
    }

    @Test
    void aMissingBucketIsNamed() {
        try (Store missing = Stores.open(server.plan("offsite", "no-such-bucket", "p", server.credentials("not-a-secret")))) {
            assertFails("bucket-missing", false, () -> missing.list(""));
            assertFails("bucket-missing", false, () -> missing.open("x"));
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNamedAndWorthARetry() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        StorePlan.S3 plan = new StorePlan.S3("offsite", "b", "p", "us-east-1",
                Optional.of(URI.create("http://127.0.0.1:" + port)), true, Optional.of(server.credentials("not-a-secret")));
        try (Store away = Stores.open(plan)) {
            assertFails("store-unreachable", true, () -> away.list(""));
        }
    }

    @Test
    void aServerThatDiesInTheMiddleOfAnUploadIsNamedAndNothingShowsAfterwards() throws IOException {
        Path own = java.nio.file.Files.createDirectories(folder.resolve("dies"));
        S3ProxyServer dying = S3ProxyServer.start(own);
        try (Store away = S3Store.open(dying.plan("offsite", "p"), Duration.ofSeconds(5), HURRIED);
                ObjectSink sink = away.create("large")) {
            sink.write(new byte[9_000_000]);
            dying.close();
            assertFails("store-unreachable", true, () -> {
                sink.write(new byte[20_000_000]);
                sink.commit();
            });
        }
        assertThat(dying.file("p/large")).doesNotExist();
    }

    @Test
    void anAbandonedUploadLeavesNoPartsBehind() throws IOException {
        try (ObjectSink sink = store.create("large")) {
            sink.write(new byte[20_000_000]);
        }
        store.removeUnfinished(Instant.now());
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void sealedPartsPassThrough() throws IOException {
        Keys keys = Keys.generate(folder.resolve(UUID.randomUUID() + ".key"));
        byte[] content = new byte[12_345_678];
        new java.util.Random(5).nextBytes(content);
        Manifest.Part part;
        try (SealedWriter writer = SealedWriter.create(store, "dump", "shop/x/dump.a.pgc", keys)) {
            writer.write(content);
            part = writer.commit();
        }
        try (var in = SealedReader.open(store, part, keys)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }
}
