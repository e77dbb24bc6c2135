package io.firedrill.plan;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A PostgreSQL database, from a libpq connection URI (PostgreSQL manual, 34.1.1.2). TCP only.
 *
 * @param name the plan's name for it
 * @param dbname its name on the server, percent-decoded
 * @param parameters the URI's query, e.g. {@code sslmode}
 * @param passwordFile absolute; holds the password alone, one trailing newline ignored; absent: trust, peer or ident
 */
public record Database(
        String name,
        String host,
        int port,
        String user,
        String dbname,
        Map<String, String> parameters,
        Optional<Path> passwordFile) {

    /** The same server and credentials, another database on it. */
    public Database onDatabase(String otherDbname) {
        return new Database(name, host, port, user, otherDbname, parameters, passwordFile);
    }

    /** Host, port and database as a person reads them; never a secret. */
    public String address() {
        return host + ":" + port + "/" + dbname;
    }
}
