package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code rsync}: one folder made like another, with owners, permissions, times, hard links, ACLs and attributes. */
public final class Rsync {
    private static final Duration DEADLINE = Duration.ofDays(7);
    private static final int VANISHED = 24;
    private static final Pattern PROGRESS = Pattern.compile("^\\s*([\\d,.]+)\\s+\\d+%.*");

    private Rsync() {}

    public static String version() {
        String said = Command.of(Programs.find("rsync"), "--version").run().value();
        Matcher matcher = Pattern.compile("version (\\S+)").matcher(said);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /** {@code vanished}: files went away in the source while it was copied; the rest is complete. */
    public record Mirrored(boolean vanished, String note) {}

    /**
     * Makes {@code to} hold exactly what {@code from} holds; {@code to}'s parent must exist.
     *
     * @param linkDest an earlier copy: files whose content is the same (compared byte for byte by checksum, so that rot
     *     in the earlier copy does not spread and a change that kept its time is not missed) are hard-linked from it.
     *     Then neither copy may ever be changed in place, as the other shares its files.
     */
    public static Mirrored mirror(Path from, Path to, @Nullable Path linkDest, Progress progress) {
        Command rsync = faithful().with("--delete");
        if (linkDest != null) {
            rsync = rsync.with("--checksum", "--link-dest=" + linkDest.toAbsolutePath());
        }
        // The slash after the source means its content, not the folder itself.
        return run(rsync, from, from.toAbsolutePath() + "/", to, progress);
    }

    /** Copies one folder or file of {@code from}, with the folders it lies in, to the same place in {@code to}. */
    public static void part(Path from, String inside, Path to, Progress progress) {
        run(faithful().with("--relative"), from, from.toAbsolutePath() + "/./" + inside, to, progress);
    }

    private static Command faithful() {
        return Command.of(Programs.find("rsync"), "-aHAX", "--numeric-ids", "--no-inc-recursive", "--no-human-readable", "--info=progress2")
                .withDeadline(DEADLINE);
    }

    private static Mirrored run(Command rsync, Path from, String source, Path to, Progress progress) {
        Command.Result<Boolean> result = rsync.with("--", source, to.toAbsolutePath() + "/")
                .run(Command.Input.NONE, stdout -> follow(stdout, progress));
        if (!result.succeeded() && result.exit() != VANISHED) {
            throw failure(from, to, result);
        }
        return new Mirrored(result.exit() == VANISHED, result.stderr().strip());
    }

    private static boolean follow(InputStream stdout, Progress progress) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8));
        // Progress lines end in carriage returns, which readLine takes for line ends.
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher matcher = PROGRESS.matcher(line);
            if (matcher.matches()) {
                progress.at("rsync", Long.parseLong(matcher.group(1).replaceAll("\\D", "")), 0, "bytes");
            }
        }
        return true;
    }

    private static FailureException failure(Path from, Path to, Command.Result<?> result) {
        String said = result.stderr().strip();
        String what = "rsync from %s to %s failed (exit %d): %s".formatted(from, to, result.exit(), said);
        String meaning = "The copy is not whole; the source is untouched.";
        if (result.exit() == 11 || said.contains("No space left on device")) {
            String next = "Free space on the disk of %s, then try again.".formatted(to);
            return new Failure("target-disk-full", what, meaning, next).lasting();
        }
        if (said.contains("Permission denied") || said.contains("Operation not permitted")) {
            String next = "Let the user that runs Firedrill read all of %s.".formatted(from);
            return new Failure("files-unreadable", what, meaning, next).lasting();
        }
        if (said.contains("change_dir") && said.contains("No such file or directory")) {
            String next = "Check that %s is there (mounted?).".formatted(from);
            return new Failure("source-missing", what, meaning, next).lasting();
        }
        return new Failure("rsync-failed", what, meaning, "Look at the message above, then try again.").passing();
    }
}
