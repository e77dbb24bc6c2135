package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code pg_waldump}: what the write-ahead log says, record by record. Reads WAL files; needs no server. */
public final class PgWaldump {
    private static final Duration DEADLINE = Duration.ofHours(6);

    /** How the program says that the log goes no further here: the rest of a segment is not written yet, or not there. */
    private static final Pattern END_OF_LOG = Pattern.compile("could not find file|could not open file|invalid record length"
            + "|incorrect prev-link|invalid magic number|invalid resource manager ID|contrecord|unexpected pageaddr"
            + "|invalid info bits|incorrect resource manager data checksum|record with zero length");

    private static final Pattern NO_BEGINNING = Pattern.compile("could not find file|could not open file|could not find a valid record");

    private PgWaldump() {}

    /**
     * What to read.
     *
     * @param folder holds the segments under their PostgreSQL names
     * @param to null for as far as the log goes
     */
    public record Range(Path folder, long timeline, Lsn from, @Nullable Lsn to) {}

    /** Whether the whole range was there, and the program's own words when not. */
    public record End(boolean complete, String note) {}

    /**
     * @param managers resource managers as the program names them: {@code Heap}, {@code Transaction} …
     * @param records gets one line for each record, oldest first
     * @throws io.firedrill.failure.FailureException {@code wal-unreadable} when there is nothing to read at all
     */
    public static End read(Range range, List<String> managers, Consumer<String> records) {
        Command.Result<Boolean> result =
                command(range, managers).run(Command.Input.NONE, stdout -> pass(stdout, records));
        String said = result.stderr().strip();
        if (result.succeeded()) {
            return new End(true, "");
        }
        boolean nothingThere = !result.value() && NO_BEGINNING.matcher(said).find();
        if (!nothingThere && END_OF_LOG.matcher(said).find()) {
            return new End(range.to() == null, said);
        }
        throw new Failure(
                        "wal-unreadable",
                        "pg_waldump could not read the WAL in %s from %s on (exit %d): %s"
                                .formatted(range.folder(), range.from(), result.exit(), said),
                        "Nothing was changed; what happened in this range cannot be told from the WAL.",
                        "Check that the segments are there and that pg_waldump on this host is of the server's major version.")
                .lasting();
    }

    private static Command command(Range range, List<String> managers) {
        List<String> arguments = new ArrayList<>(List.of(
                "--path=" + range.folder(), "--timeline=" + range.timeline(), "--start=" + range.from()));
        if (range.to() != null) {
            arguments.add("--end=" + range.to());
        }
        managers.forEach(manager -> arguments.add("--rmgr=" + manager));
        // Commit times are printed in the zone of the process.
        return Command.of(Programs.find("pg_waldump"), arguments.toArray(String[]::new))
                .withEnvironment(Map.of("TZ", "UTC"))
                .withDeadline(DEADLINE);
    }

    private static boolean pass(InputStream stdout, Consumer<String> records) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8), 1 << 16);
        boolean any = false;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("rmgr:")) {
                any = true;
                records.accept(line);
            }
        }
        return any;
    }
}
