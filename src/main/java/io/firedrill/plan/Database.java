package io.firedrill.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
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
 * @param repository where another tool has its server's physical backups; absent: Firedrill takes them itself
 * @param place where its server lives on this host; told at the first database of each server alone
 * @param others where else its server may be, when a failover moves it: whichever of all takes writes is meant
 */
public record Database(
        String name,
        String host,
        int port,
        String user,
        String dbname,
        Map<String, String> parameters,
        Optional<Path> passwordFile,
        Optional<Repository> repository,
        Optional<ServerPlan> place,
        List<Address> others) {

    /** Host and port of a server; an IPv6 address without brackets. */
    public record Address(String host, int port) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** With its server at one address only. */
    public Database(
            String name,
            String host,
            int port,
            String user,
            String dbname,
            Map<String, String> parameters,
            Optional<Path> passwordFile,
            Optional<Repository> repository,
            Optional<ServerPlan> place) {
        this(name, host, port, user, dbname, parameters, passwordFile, repository, place, List.of());
    }

    /** Whose physical backups, if any, Firedrill takes itself. */
    public Database(
            String name,
            String host,
            int port,
            String user,
            String dbname,
            Map<String, String> parameters,
            Optional<Path> passwordFile) {
        this(name, host, port, user, dbname, parameters, passwordFile, Optional.empty(), Optional.empty());
    }

    public Database {
        Names.require(name);
        if (host.isBlank() || port < 1 || port > 65535 || user.isEmpty() || dbname.isEmpty()) {
            throw new IllegalArgumentException("Not a database's address: %s:%d/%s".formatted(host, port, dbname));
        }
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        others = List.copyOf(others);
    }

    /** The same server and credentials, another database on it. */
    public Database onDatabase(String otherDbname) {
        return new Database(name, host, port, user, otherDbname, parameters, passwordFile, repository, place, others);
    }

    /** The same, with its server's physical backups there. */
    public Database in(Repository kept) {
        return new Database(name, host, port, user, dbname, parameters, passwordFile, Optional.of(kept), place, others);
    }

    /** The same, its server perhaps elsewhere. */
    Database or(List<Address> elsewhere) {
        return new Database(name, host, port, user, dbname, parameters, passwordFile, repository, place, elsewhere);
    }

    /** The same, its server at this address and nowhere else; where it lives is known of the plan's first address only. */
    public Database at(Address address) {
        Map<String, String> known = new LinkedHashMap<>(parameters);
        known.remove("target_session_attrs");
        Optional<ServerPlan> there = address.equals(new Address(host, port)) ? place : Optional.empty();
        return new Database(name, address.host(), address.port(), user, dbname, known, passwordFile, repository, there, List.of());
    }

    /** Everywhere its server may be, the plan's first first. */
    public List<Address> addresses() {
        List<Address> all = new ArrayList<>(List.of(new Address(host, port)));
        all.addAll(others);
        return List.copyOf(all);
    }

    /** The same, with its server living there. */
    public Database living(ServerPlan there) {
        return new Database(name, host, port, user, dbname, parameters, passwordFile, repository, Optional.of(there), others);
    }

    boolean onServerOf(Database other) {
        return host.equalsIgnoreCase(other.host) && port == other.port;
    }

    /** Host and port as a person reads them. */
    String server() {
        return new Address(host, port).toString();
    }

    /** Host, port and database as a person reads them; never a secret. */
    public String address() {
        return server() + "/" + dbname;
    }
}
