package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the PostgreSQL client programs are told where to connect: secrets by environment, the rest as a conninfo string. */
final class PgConnectionArguments {
    private static final Set<String> SECRET = Set.of("password", "sslpassword");

    private PgConnectionArguments() {}

    /** The command with a connection to the database; {@code option} is what introduces it, e.g. {@code --dbname}. */
    static Command connect(Command command, String option, Database db) {
        return command.with(option + "=" + conninfo(db)).withEnvironment(environment(db));
    }

    static String conninfo(Database db) {
        Map<String, String> words = new LinkedHashMap<>();
        words.put("host", join(db, Database.Address::host));
        words.put("port", join(db, address -> String.valueOf(address.port())));
        words.put("user", db.user());
        words.put("dbname", db.dbname());
        words.put("connect_timeout", "15");
        words.put("application_name", "firedrill");
        words.putAll(db.parameters());
        return words.entrySet().stream()
                .filter(word -> !SECRET.contains(word.getKey()))
                .map(word -> word.getKey() + "=" + quoted(word.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String join(Database db, Function<Database.Address, String> part) {
        return db.addresses().stream().map(part).collect(Collectors.joining(","));
    }

    private static Map<String, String> environment(Database db) {
        Map<String, String> environment = new LinkedHashMap<>();
        db.passwordFile().ifPresent(file -> environment.put("PGPASSWORD", password(file)));
        return environment;
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).replaceFirst("\\r?\\n$", "");
        } catch (IOException e) {
            throw new Failure(
                            "password-file",
                            "The password file %s cannot be read: %s.".formatted(file, e.getMessage()),
                            "Nothing was done to the database.",
                            "Put the password into that file, readable by the user that runs Firedrill, then try again.")
                    .lasting(e);
        }
    }
}
