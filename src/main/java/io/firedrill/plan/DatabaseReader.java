package io.firedrill.plan;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code {url, passwordFile}} of a service's database, and of the state database. */
final class DatabaseReader {
    static final String EXAMPLE =
            "{url: \"postgresql://firedrill@127.0.0.1:5432/orders\", passwordFile: secrets/orders}";

    static final Keys KEYS = Keys.of("url", "passwordFile");

    /** Of a service's database. */
    static final Keys SERVICE_KEYS = Keys.of("url", "passwordFile", "pgbackrest", "barman", "server");

    private static final List<String> FILE_PARAMETERS = List.of("sslrootcert", "sslcert", "sslkey", "sslcrl");

    private DatabaseReader() {}

    /** @param who what messages call it: {@code database 'orders' of service 'shop'} */
    static Optional<Database> read(String name, String who, Value value) {
        return read(name, who, value, Section.open(value, who, KEYS, EXAMPLE));
    }

    /** @param section the value, opened */
    static Optional<Database> read(String name, String who, Value value, Section section) {
        Optional<Path> passwordFile = section.optional("passwordFile").flatMap(PlanFiles::existing);
        Optional<Database> database = section.required("url", "\"postgresql://USER@HOST:PORT/DATABASE\"")
                .flatMap(url -> fromUrl(name, url, passwordFile));
        database.ifPresent(found -> value.reading().claims().database(found, who, value));
        return database;
    }

    private static Optional<Database> fromUrl(String name, Value value, Optional<Path> passwordFile) {
        return value.text().flatMap(text -> {
            DatabaseUrl url = new DatabaseUrl(text);
            url.problems().forEach(problem -> value.mistake(problem.what(), problem.instead()));
            Map<String, String> parameters = withFilesFound(url.parameters(), value);
            if (!url.problems().isEmpty() || !Names.valid(name)) {
                return Optional.empty();
            }
            return Optional.of(
                    new Database(name, url.host(), url.port(), url.user(), url.dbname(), parameters, passwordFile).or(url.others()));
        });
    }

    /** The certificate files among the parameters must exist; relative paths start at the plan's folder. */
    private static Map<String, String> withFilesFound(Map<String, String> parameters, Value url) {
        Map<String, String> found = new LinkedHashMap<>(parameters);
        for (String name : FILE_PARAMETERS) {
            String file = parameters.getOrDefault(name, "system");
            if (!file.equals("system")) {
                PlanFiles.existing(name, file, url).ifPresent(path -> found.put(name, path.toString()));
            }
        }
        return found;
    }
}
