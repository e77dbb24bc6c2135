package io.firedrill.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A libpq connection URI (PostgreSQL manual, 34.1.1.2), taken apart as libpq does. Only TCP, several hosts only when
 * the one that takes writes is asked for, and no
 * password: what is refused is told with what to write instead, never repeating the text, which may hold a secret.
 */
final class DatabaseUrl {
    private static final String SHAPE = "Write postgresql://USER@HOST:PORT/DATABASE.";

    private static final List<String> WRITABLE = List.of("read-write", "primary");

    /** What is wrong and what to write instead. */
    record Problem(String what, String instead) {}

    private final List<Problem> problems = new ArrayList<>();
    private String user = "";
    private String host = "";
    private int port = 5432;
    private String dbname = "";
    private final List<Database.Address> others = new ArrayList<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    DatabaseUrl(String url) {
        int slashes = url.indexOf("://");
        String scheme = slashes < 0 ? "" : url.substring(0, slashes);
        if (scheme.equals("postgresql") || scheme.equals("postgres")) {
            takeApart(url.substring(slashes + 3));
        } else if (scheme.equals("jdbc:postgresql")) {
            refuse("This is a JDBC URL.", "Leave 'jdbc:' out. " + SHAPE);
        } else {
            refuse("This is not a PostgreSQL URL.", SHAPE);
        }
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    String user() {
        return user;
    }

    /** An IPv6 address without its brackets. */
    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** The hosts after the first. */
    List<Database.Address> others() {
        return List.copyOf(others);
    }

    String dbname() {
        return dbname;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    private void takeApart(String rest) {
        int at = endOfUser(rest);
        if (at >= 0) {
            takeUser(rest.substring(0, at));
            rest = rest.substring(at + 1);
        } else {
            refuse("The URL names no user.", "Write the user before the host: postgresql://USER@HOST:PORT/DATABASE.");
        }
        int query = rest.indexOf('?');
        String address = query < 0 ? rest : rest.substring(0, query);
        int slash = address.indexOf('/');
        takeHosts(slash < 0 ? address : address.substring(0, slash));
        dbname = slash < 0 ? "" : decode(address.substring(slash + 1));
        if (dbname.isEmpty()) {
            refuse(
                    "The URL names no database.",
                    "Write its name after the port: postgresql://USER@HOST:PORT/DATABASE.");
        }
        if (query >= 0) {
            takeParameters(rest.substring(query + 1));
        }
        if (!others.isEmpty() && !WRITABLE.contains(parameters.getOrDefault("target_session_attrs", ""))) {
            refuse(
                    "The URL names several hosts, and not which of them is meant.",
                    "End it with ?target_session_attrs=read-write: the one that takes writes.");
        }
    }

    /** The '@' that ends the user, which libpq looks for up to the first slash; or -1. */
    private static int endOfUser(String rest) {
        int at = rest.indexOf('@');
        int slash = rest.indexOf('/');
        return slash >= 0 && slash < at ? -1 : at;
    }

    private void takeUser(String info) {
        int colon = info.indexOf(':');
        if (colon >= 0) {
            refusePassword();
        }
        user = decode(colon < 0 ? info : info.substring(0, colon));
        if (user.isEmpty()) {
            refuse("The URL names no user.", SHAPE);
        }
    }

    private void refusePassword() {
        refuse(
                "The URL holds a password.",
                "Put the password into a file that only Firedrill's user can read, name it with passwordFile, and"
                        + " leave it out of the URL.");
    }

    private void takeHosts(String text) {
        String[] hosts = text.split(",", -1);
        for (int i = 1; i < hosts.length; i++) {
            port = 5432;
            takeHost(hosts[i]);
            others.add(new Database.Address(host, port));
        }
        port = 5432;
        takeHost(hosts[0]);
    }

    private void takeHost(String text) {
        int bracket = text.startsWith("[") ? text.indexOf(']') : 0;
        boolean bare = bracket == 0 && text.indexOf(':') != text.lastIndexOf(':');
        if (bracket < 0 || bare) {
            refuse("The URL's host is an IPv6 address without its brackets.", "Write it as in [::1]:5432.");
            return;
        }
        int colon = text.indexOf(':', bracket);
        host = decode(colon < 0 ? text : text.substring(0, colon));
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || host.startsWith("/") || host.startsWith("@")) {
            refuse("The URL means a Unix-domain socket.", "Write the server's host name or address: only TCP is used.");
        } else if (!host.matches("[\\p{Alnum}._:%-]+")) {
            refuse("The URL's host is not a host name or address.", SHAPE + " IPv6 addresses stand in brackets.");
        }
        if (colon >= 0 && colon < text.length() - 1) {
            takePort(text.substring(colon + 1));
        }
    }

    private void takePort(String text) {
        int number = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > 65535) {
            refuse("The URL's port is not a number from 1 to 65535.", "Write the server's port, e.g. 5432.");
        } else {
            port = number;
        }
    }

    private void takeParameters(String query) {
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (equals < 0) {
                refuse("A parameter after '?' has no value.", "Write parameters as name=value, joined by '&'.");
            } else {
                takeParameter(name, decode(pair.substring(equals + 1)));
            }
        }
    }

    private void takeParameter(String name, String value) {
        ConnectionParameters.problem(name, value).ifPresent(problems::add);
        if (parameters.putIfAbsent(name, value) != null) {
            refuse("The URL's parameter '%s' is there twice.".formatted(name), "Keep one.");
        }
    }

    private String decode(String text) {
        Optional<String> decoded = Percent.decode(text);
        if (decoded.isEmpty()) {
            refuse(
                    "A '%' in the URL is not followed by the hexadecimal digits of a character.",
                    "Write a plain '%' as %25.");
        }
        return decoded.orElse(text);
    }

    private void refuse(String what, String instead) {
        problems.add(new Problem(what, instead));
    }
}
