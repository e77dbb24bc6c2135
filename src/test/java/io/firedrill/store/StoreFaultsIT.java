package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.StorePlan;
import io.firedrill.store.FaultyProxy.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real S3 server behind a network that fails. */
class StoreFaultsIT {
    private static final Patience LONG = new Patience(Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofSeconds(30));
    private static final Patience SHORT = new Patience(Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofMillis(30));
    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** For the network that stalls alone: elsewhere a busy machine must not pass for one. */
    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    static Path folder;

    private static S3ProxyServer server;
    private FaultyProxy network;
    private StorePlan.S3 plan;
    private DirectoryStore local;

    @BeforeAll
    static void start() throws IOException {
        server = S3ProxyServer.start(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void connect() throws IOException {
        network = new FaultyProxy(server.endpoint());
        StorePlan.S3 direct = server.plan("offsite", "p-" + UUID.randomUUID());
        plan = new StorePlan.S3("offsite", direct.bucket(), direct.prefix(), direct.region(),
                Optional.of(network.endpoint()), true, direct.credentialsFile());
        local = new DirectoryStore("local", folder.resolve("local-" + UUID.randomUUID()));
    }

    @AfterEach
    void disconnect() throws IOException {
        network.close();
    }

    private Store store(Patience patience) {
        return store(patience, ANSWER);
    }

    private Store store(Patience patience, Duration answer) {
        return S3Store.open(plan, answer, patience);
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return content;
    }

    private static void write(Store store, String key, byte[] content) throws IOException {
        try (ObjectSink sink = store.create(key)) {
            sink.write(content);
            sink.commit();
        }
    }

    private static byte[] read(Store store, String key) throws IOException {
        try (InputStream in = store.open(key)) {
            return in.readAllBytes();
        }
    }

    private static boolean isPart(String line) {
        return line.startsWith("PUT") && line.contains("partNumber=");
    }

    /** The numbers of the parts that were sent, sorted. */
    private List<Integer> partsSent() {
        return network.seen().stream()
                .filter(StoreFaultsIT::isPart)
                .map(line -> Integer.valueOf(line.replaceAll(".*partNumber=(\\d+).*", "$1")))
                .sorted()
                .toList();
    }

    @Test
    void aStoreThatVanishesInTheMiddleAndComesBackGetsTheRestOnly() throws IOException {
        byte[] content = content(40_000_000);
        AtomicInteger away = new AtomicInteger();
        network.play(line -> isPart(line) && line.contains("partNumber=3") && away.incrementAndGet() <= 12
                ? new Fault.Drop()
                : FaultyProxy.NONE);
        try (Store store = store(LONG)) {
            write(store, "large", content);
            assertThat(read(store, "large")).isEqualTo(content);
        }
        assertThat(away.get()).isGreaterThan(12);
        assertThat(partsSent()).as("parts 1, 2, 4 and 5 once").containsOnlyOnce(1, 2, 4, 5);
    }

    @Test
    void aStoreThatStaysAwayIsNamedAndNothingOfTheObjectShows() throws IOException {
        network.play(line -> isPart(line) && !line.contains("partNumber=1") ? new Fault.Drop() : FaultyProxy.NONE);
        try (Store store = store(SHORT)) {
            StoreContract.assertFails("store-unreachable", true, () -> write(store, "large", content(30_000_000)));
            network.play(line -> FaultyProxy.NONE);
            assertThat(store.list("")).isEmpty();
        }
    }

    @Test
    void aCopyThatWasBrokenOffGoesOnInAnotherProcessWhereItWas() throws IOException {
        byte[] content = content(42_000_000);
        write(local, "shop/id/dump.x.pgc", content);
        Manifest.Part part = new Manifest.Part("dump", "shop/id/dump.x.pgc", content.length, Digested.hexOf(content),
                content.length, Digested.hexOf(content), List.of());
        network.play(line -> isPart(line) && !line.matches(".*partNumber=[123](&.*)?$") ? new Fault.Drop() : FaultyProxy.NONE);
        try (Store store = store(SHORT)) {
            StoreContract.assertFails("store-unreachable", true, () -> SealedCopy.copy(local, store, part, n -> {}));
            assertThat(store.head(part.key())).isEmpty();
        }
        assertThat(partsSent()).contains(1, 2, 3);
        network.forget();
        network.play(line -> FaultyProxy.NONE);
        // Nothing of the first try is known any more: another store object, as in another process.
        try (Store store = store(SHORT)) {
            SealedCopy.copy(local, store, part, n -> {});
            SealedCopy.verify(store, part, n -> {});
        }
        assertThat(partsSent()).containsExactly(4, 5, 6);
    }

    @Test
    void aPartThatChangedSinceIsSentAgain() throws IOException {
        byte[] content = content(20_000_000);
        try (Store store = store(SHORT)) {
            try (ObjectSink broken = store.resume("x", content.length)) {
                broken.write(new byte[17_000_000]);
            }
            network.forget();
            try (ObjectSink sink = store.resume("x", content.length)) {
                sink.write(content);
                sink.commit();
            }
            assertThat(partsSent()).containsExactly(1, 2, 3);
            assertThat(read(store, "x")).isEqualTo(content);
        }
    }

    @Test
    void uploadsThatNobodyGoesOnWithAreEndedWhenTheyAreOld() throws IOException {
        try (Store store = store(SHORT)) {
            try (ObjectSink broken = store.resume("x", 20_000_000)) {
                broken.write(content(17_000_000));
            }
            S3Store s3 = (S3Store) store;
            // What is sent may still be on its way for a moment after the sink is closed.
            assertThat(s3.begunUploads("x")).hasSize(1);
            store.removeUnfinished(Instant.now().minus(Duration.ofDays(7)));
            assertThat(s3.begunUploads("x")).hasSize(1);
            store.removeUnfinished(Instant.now().plus(Duration.ofDays(1)));
            assertThat(s3.begunUploads("x")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, store-refused, false",
        "404, NoSuchBucket, bucket-missing, false",
        "500, InternalError, store-unreachable, true",
        "503, SlowDown, store-unreachable, true",
        "507, InsufficientStorage, store-full, false",
        "403, RequestTimeTooSkewed, clock-skew, true",
        "400, InvalidArgument, store-answered, false",
    })
    void whateverTheServerAnswersHasAName(int status, String code, String failure, boolean passing) throws IOException {
        network.play(line -> new Fault.Answer(status, code));
        try (Store store = store(SHORT)) {
            StoreContract.assertFails(failure, passing, () -> write(store, "small", new byte[10]));
            StoreContract.assertFails(failure, passing, () -> write(store, "large", new byte[9_000_000]));
            StoreContract.assertFails(failure, passing, () -> store.open("small"));
            StoreContract.assertFails(failure, passing, () -> store.list(""));
            network.play(line -> FaultyProxy.NONE);
            assertThat(store.list("")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"500, InternalError", "503, SlowDown", "429, TooManyRequests"})
    void aServerThatIsBusyForAWhileIsWaitedFor(int status, String code) throws IOException {
        AtomicInteger busy = new AtomicInteger();
        network.play(line -> line.startsWith("PUT") && busy.incrementAndGet() <= 8 ? new Fault.Answer(status, code) : FaultyProxy.NONE);
        try (Store store = store(LONG)) {
            write(store, "small", new byte[10]);
            assertThat(store.head("small")).contains(new Store.StoredObject("small", 10));
        }
    }

    @Test
    void anAnswerThatIsLostOnItsWayDoesNotMakeTheObjectSomebodyElses() throws IOException {
        byte[] content = content(20_000_000);
        AtomicInteger lost = new AtomicInteger();
        network.play(line -> (line.startsWith("POST") && line.contains("uploadId=") || line.startsWith("PUT") && line.contains("small"))
                        && lost.incrementAndGet() <= 2
                ? new Fault.LoseAnswer()
                : FaultyProxy.NONE);
        try (Store store = store(LONG)) {
            write(store, "small", new byte[10]);
            lost.set(0);
            write(store, "large", content);
            assertThat(read(store, "large")).isEqualTo(content);
            StoreContract.assertFails("object-exists", false, () -> write(store, "small", new byte[11]));
            StoreContract.assertFails("object-exists", false, () -> write(store, "large", content(20_000_001)));
        }
    }

    @Test
    void anAnswerThatIsCutOffOrStallsIsReadOnFromThere() throws IOException {
        byte[] content = content(3_000_000);
        try (Store store = store(LONG, SOON)) {
            write(store, "x", content);
            AtomicInteger gets = new AtomicInteger();
            network.play(line -> !line.startsWith("GET")
                    ? FaultyProxy.NONE
                    : switch (gets.incrementAndGet()) {
                        case 1 -> new Fault.CutOff(1_000_001);
                        case 2 -> new Fault.Stall(500_000);
                        case 3 -> new Fault.CutOff(0);
                        default -> FaultyProxy.NONE;
                    });
            assertThat(read(store, "x")).isEqualTo(content);
            assertThat(gets.get()).isEqualTo(4);
        }
    }

    @Test
    void anAnswerThatIsCutOffForEverIsNamedAndNeverTakenForTheEnd() throws IOException {
        try (Store store = store(SHORT)) {
            write(store, "x", content(3_000_000));
            network.play(line -> line.startsWith("GET") ? new Fault.CutOff(0) : FaultyProxy.NONE);
            StoreContract.assertFails("store-unreachable", true, () -> read(store, "x"));
        }
    }

    @Test
    void anObjectThatWasExchangedBetweenTwoConnectionsIsNotStitchedTogether() throws IOException {
        try (Store store = store(LONG)) {
            write(store, "x", content(3_000_000));
            AtomicInteger gets = new AtomicInteger();
            network.play(line -> {
                if (line.startsWith("GET") && gets.incrementAndGet() == 1) {
                    return new Fault.CutOff(1000);
                }
                return FaultyProxy.NONE;
            });
            try (InputStream in = store.open("x")) {
                in.readNBytes(1000);
                store.delete("x");
                write(store, "x", content(3_000_001));
                StoreContract.assertFails("corrupt-object", false, in::readAllBytes);
            }
        }
    }
}
