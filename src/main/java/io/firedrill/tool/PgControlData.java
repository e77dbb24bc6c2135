package io.firedrill.tool;

import java.nio.file.Path;
import java.util.Optional;

/** {@code pg_controldata}: what a data directory says of itself, whether its server runs or not. */
public final class PgControlData {
    private PgControlData() {}

    /** Where the newest checkpoint lies in its WAL; empty when {@code pg_control} is missing or damaged. */
    public static Optional<Lsn> checkpoint(Path data) {
        return value(data, "Latest checkpoint location").map(Lsn::parse);
    }

    /** Decimal. */
    public static Optional<String> systemIdentifier(Path data) {
        return value(data, "Database system identifier");
    }

    private static Optional<String> value(Path data, String name) {
        Command.Result<String> told = Command.of(Programs.find("pg_controldata"), "-D", data.toString()).run();
        // It warns of a wrong checksum and goes on; what it reads then says nothing.
        if (!told.succeeded() || told.value().contains("WARNING") || told.stderr().contains("WARNING")) {
            return Optional.empty();
        }
        return told.value().lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
