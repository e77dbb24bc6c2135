package io.firedrill.recovery;

import io.firedrill.plan.Database;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A place made for one drill on this host, which no service knows: a PostgreSQL server and a folder.
 *
 * @param user a superuser; {@code passwordFile} holds its password
 * @param folder file sets are restored below it
 */
public record Scratch(String host, int port, String user, String passwordFile, String folder) {
    Database database(String name, String dbname) {
        return new Database(name, host, port, user, dbname, Map.of(), Optional.of(Path.of(passwordFile)));
    }

    public Path path(String fileSet) {
        return Path.of(folder).resolve(fileSet);
    }
}
