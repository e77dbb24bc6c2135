package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** GNU {@code tar}: a folder as one stream and back, with owners, permissions, times, hard links, ACLs and attributes. */
public final class Tar {
    private static final Duration DEADLINE = Duration.ofDays(7);
    private static final String[] FAITHFUL = {"--numeric-owner", "--acls", "--xattrs", "--xattrs-include=*", "--sparse"};

    private Tar() {}

    public static String version() {
        String said = Command.of(Programs.find("tar"), "--version").run().value();
        Matcher matcher = Pattern.compile("\\(GNU tar\\) (\\S+)").matcher(said);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /** Writes the folder's content (names relative to it) to {@code out}, which is not closed. */
    public static void create(Path folder, OutputStream out, long expectedBytes, Progress progress) {
        Command.Result<Long> result = Command.of(Programs.find("tar"), "--create", "--file=-", "--format=posix")
                .with(FAITHFUL)
                .with("--directory=" + folder.toAbsolutePath(), ".")
                .withDeadline(DEADLINE)
                .run(Command.Input.NONE, stdout -> Copying.to(stdout, out, n -> progress.at("tar", n, expectedBytes, "bytes")));
        if (!result.succeeded()) {
            throw failure("Packing %s".formatted(folder), "The copy is not whole; the source is untouched.", result);
        }
    }

    /** Unpacks into an existing folder. */
    public static void extract(Command.Input archive, Path folder, long expectedBytes, Progress progress) {
        extract(archive, folder, null, expectedBytes, progress);
    }

    /** Unpacks into an existing folder; {@code inside}: only that, with the folders it lies in; null: everything. */
    public static void extract(Command.Input archive, Path folder, @Nullable String inside, long expectedBytes, Progress progress) {
        Command.Result<String> result = (inside == null ? extraction(folder) : extraction(folder).with("--no-wildcards", "--", "./" + inside))
                .run(stdin -> archive.write(new CountedOutput(stdin, n -> progress.at("tar", n, expectedBytes, "bytes"))),
                        stdout -> new String(stdout.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        if (!result.succeeded()) {
            throw failure("Unpacking into %s".formatted(folder), "What is there now is not whole.", result);
        }
    }

    /** Reads the whole archive without unpacking anything. */
    public static void decode(Command.Input archive) {
        Command.Result<Long> result = Command.of(Programs.find("tar"), "--list", "--file=-")
                .withDeadline(DEADLINE)
                .run(archive, stdout -> Copying.to(stdout, OutputStream.nullOutputStream(), n -> {}));
        if (!result.succeeded()) {
            throw new Failure(
                            "undecodable-tar",
                            "tar cannot read the archive (exit %d): %s".formatted(result.exit(), result.stderr().strip()),
                            "This backup cannot be restored.",
                            "Take a new backup now; restore from an older one if you must restore.")
                    .lasting();
        }
    }

    private static Command extraction(Path folder) {
        Command extract = Command.of(Programs.find("tar"), "--extract", "--file=-", "--preserve-permissions")
                .with(FAITHFUL)
                .withDeadline(DEADLINE);
        // Only root may give files away; for anybody else tar would fail on each of them.
        return extract.with(LocalPostgres.root() ? "--same-owner" : "--no-same-owner")
                .with("--directory=" + folder.toAbsolutePath());
    }

    private static RuntimeException failure(String doing, String meaning, Command.Result<?> result) {
        String said = result.stderr().strip();
        boolean full = said.contains("No space left on device");
        return new Failure(
                        full ? "target-disk-full" : "tar-failed",
                        "%s failed (exit %d): %s".formatted(doing, result.exit(), said),
                        meaning,
                        full ? "Free space on that disk, then try again." : "Look at the message above, then try again.")
                .lasting();
    }
}
