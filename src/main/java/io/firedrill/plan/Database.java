package io.firedrill.plan;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A PostgreSQL database, from a libpq connection URI (PostgreSQL manual, 34.1.1.2). TCP only.
 *
 * @param name the plan's name for it
 * @param host name or address; an IPv6 address without brackets
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

    public Database {
        Names.require(name);
        if (host.isBlank() || port < 1 || port > 65535 || user.isEmpty() || dbname.isEmpty()) {
            throw new IllegalArgumentException("Not a database's address: %s:%d/%s".formatted(host, port, dbname));
        }
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** The same server and credentials, another database on it. */
    public Database onDatabase(String otherDbname) {
        return new Database(name, host, port, user, otherDbname, parameters, passwordFile);
    }

    /** Host, port and database as a person reads them; never a secret. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + dbname;
    }
}
