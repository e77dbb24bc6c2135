package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.StorePlan;
import io.firedrill.tool.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedPartTest {
    @TempDir
    Path folder;

    private Store store;
    private Keys keys;
    private Path keyFile;

    @BeforeEach
    void open() {
        store = Stores.open(new StorePlan.Directory("local", folder.resolve("store")));
        keyFile = folder.resolve("backup.key");
        keys = Keys.generate(keyFile);
    }

    /** Sizes around age's 64 KiB chunks and zstd's blocks, and none at all. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, 1 << 20, 3_000_001})
    void comesBackAsItWasWritten(int size) throws IOException {
        byte[] content = random(size);
        Manifest.Part part = write(keys, content);
        assertThat(part.plainBytes()).isEqualTo(size);
        assertThat(part.encoding()).containsExactly("zstd", "age");
        assertThat(part.storedBytes()).isEqualTo(store.head(part.key()).orElseThrow().bytes());
        assertThat(read(part, keys)).isEqualTo(content);
    }

    @Test
    void withoutKeysItIsOnlyCompressed() throws IOException {
        Manifest.Part part = write(Keys.none(), new byte[1_000_000]);
        assertThat(part.key()).endsWith(".zst");
        assertThat(part.encoding()).containsExactly("zstd");
        assertThat(part.storedBytes()).isLessThan(1000);
        assertThat(read(part, Keys.none())).isEqualTo(new byte[1_000_000]);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, 2_000_000})
    void theStockProgramsOpenIt(int size) throws IOException {
        StockTools.requireAge();
        byte[] content = random(size);
        Manifest.Part part = write(keys, content);
        Path object = folder.resolve("store").resolve(part.key());
        var result = Command.of("bash", "-o", "pipefail", "-c", "age -d -i '%s' '%s' | zstd -d".formatted(keyFile, object))
                .run(Command.Input.NONE, InputStream::readAllBytes);
        assertThat(result.stderr()).isEmpty();
        assertThat(result.exit()).isZero();
        assertThat(result.value()).isEqualTo(content);
    }

    @Test
    void whatTheStockProgramsSealedIsOpened() throws IOException {
        StockTools.requireAge();
        byte[] content = random(300_000);
        Path plain = Files.write(folder.resolve("plain"), content);
        Path object = folder.resolve("store/made-by-hand.zst.age");
        Files.createDirectories(object.getParent());
        var result = Command.of("bash", "-o", "pipefail", "-c",
                        "zstd -c '%s' | age -r %s -o '%s'".formatted(plain, keys.recipients().get(0), object))
                .run();
        assertThat(result.exit()).as(result.stderr()).isZero();
        byte[] stored = Files.readAllBytes(object);
        Manifest.Part part = new Manifest.Part("dump", "made-by-hand.zst.age", content.length, Digested.hexOf(content),
                stored.length, Digested.hexOf(stored), java.util.List.of("zstd", "age"));
        assertThat(read(part, keys)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.00005, 0.3, 0.5, 0.999999})
    void oneFlippedBitAnywhereIsNamedAndNeverTakenForAWholeStream(double where) throws IOException {
        Manifest.Part part = write(keys, random(500_000));
        damage(part, bytes -> {
            bytes[(int) (where * bytes.length)] ^= 1;
            return bytes;
        });
        assertFails("corrupt-object", () -> read(part, keys));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 200, 65_536 + 216, 400_000})
    void aCutOffObjectIsNamed(int left) throws IOException {
        Manifest.Part part = write(keys, random(500_000));
        damage(part, bytes -> java.util.Arrays.copyOf(bytes, left));
        assertFails("truncated-object", () -> read(part, keys));
    }

    @Test
    void bytesBehindTheEndAreNamed() throws IOException {
        Manifest.Part part = write(keys, random(1000));
        damage(part, bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 1));
        assertFails("corrupt-object", () -> read(part, keys));
    }

    @Test
    void damageIsFoundWithoutEncryptionToo() throws IOException {
        Manifest.Part part = write(Keys.none(), random(500_000));
        damage(part, bytes -> {
            bytes[250_000] ^= 1;
            return bytes;
        });
        assertFails("corrupt-object", () -> read(part, Keys.none()));
    }

    @Test
    void anotherObjectUnderTheSameKeyIsNoBackup() throws IOException {
        Manifest.Part part = write(keys, random(1000));
        Manifest.Part other = write(keys, random(1000));
        damage(part, bytes -> readFile(other));
        assertThatThrownBy(() -> read(part, keys)).isInstanceOf(FailureException.class);
    }

    @Test
    void aWrongKeyIsToldFromDamage() throws IOException {
        Manifest.Part part = write(keys, random(200_000));
        Keys others = Keys.generate(folder.resolve("other.key"));
        assertFails("wrong-key", () -> read(part, others));
        assertFails("wrong-key", () -> read(part, Keys.none()));
        damage(part, bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        assertFails("corrupt-object", () -> read(part, others));
    }

    @Test
    void afterAChangeOfKeyTheNewSealsAndTheOldStillOpens() throws IOException {
        byte[] content = random(1000);
        Manifest.Part before = write(keys, content);
        Path both = folder.resolve("both.key");
        Keys fresh = Keys.generate(folder.resolve("new.key"));
        Files.writeString(both, Files.readString(folder.resolve("new.key")) + Files.readString(keyFile));
        Keys rotated = Keys.read(both);
        assertThat(rotated.recipients()).isEqualTo(fresh.recipients());
        assertThat(read(before, rotated)).isEqualTo(content);
        Manifest.Part after = write(rotated, content);
        assertFails("wrong-key", () -> read(after, keys));
        assertThat(read(after, fresh)).isEqualTo(content);
    }

    @Test
    void abandonedItLeavesNothing() throws IOException {
        try (SealedWriter writer = SealedWriter.create(store, "dump", "shop/id/dump.x.pgc", keys)) {
            writer.write(random(3_000_000));
        }
        assertThat(store.list("")).isEmpty();
        try (var left = Files.list(folder.resolve("store").resolve(DirectoryStore.UNFINISHED))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatStockAgeKeygenSaysOfTheGeneratedKeyIsTheRecipient() throws IOException {
        StockTools.requireAge();
        assertThat(Command.of("age-keygen", "-y", keyFile.toString()).run().value().strip())
                .isEqualTo(keys.recipients().get(0));
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
                .isEqualTo("rw-------");
        assertFails("key-exists", () -> Keys.generate(keyFile));
    }

    @Test
    void aFileThatIsNoKeyIsNamed() throws IOException {
        assertFails("key-missing", () -> Keys.read(folder.resolve("none")));
        assertFails("key-unreadable", () -> Keys.read(Files.writeString(folder.resolve("empty"), "# nothing\n")));
        assertFails("key-unreadable", () -> Keys.read(Files.writeString(folder.resolve("junk"), "AGE-SECRET-KEY-1QQQ\n")));
    }

    private Manifest.Part write(Keys with, byte[] content) throws IOException {
        String key = "shop/id/dump." + Keyspace.attempt(java.time.Instant.now()) + ".pgc";
        try (SealedWriter writer = SealedWriter.create(store, "dump", key, with)) {
            writer.write(content);
            return writer.commit();
        }
    }

    private byte[] read(Manifest.Part part, Keys with) throws IOException {
        try (InputStream in = SealedReader.open(store, part, with)) {
            return in.readAllBytes();
        }
    }

    private byte[] readFile(Manifest.Part part) {
        try {
            return Files.readAllBytes(folder.resolve("store").resolve(part.key()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void damage(Manifest.Part part, UnaryOperator<byte[]> change) throws IOException {
        Files.write(folder.resolve("store").resolve(part.key()), change.apply(readFile(part)));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void assertFails(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FailureException.class, e -> {
            assertThat(e.failure().code()).isEqualTo(code);
            assertThat(e.passing()).isFalse();
        });
    }
}
