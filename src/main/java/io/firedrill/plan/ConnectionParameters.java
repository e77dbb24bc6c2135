package io.firedrill.plan;

import io.firedrill.plan.DatabaseUrl.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters after {@code ?} in a connection URI. A misspelt one is refused, as libpq does: a JDBC driver would
 * pass over {@code sslmod=verify-full} in silence and connect unprotected.
 */
final class ConnectionParameters {
    private static final Set<String> SECRETS = Set.of("password", "sslpassword", "oauth_client_secret");
    private static final Set<String> IN_THE_URL = Set.of("host", "hostaddr", "port", "user", "dbname");
    private static final Set<String> ELSEWHERE = Set.of("passfile", "service", "servicefile", "replication");
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final List<String> KNOWN = List.of(
            "sslmode",
            "sslrootcert",
            "sslcert",
            "sslkey",
            "sslcrl",
            "sslcrldir",
            "sslsni",
            "sslnegotiation",
            "sslcompression",
            "sslcertmode",
            "ssl_min_protocol_version",
            "ssl_max_protocol_version",
            "channel_binding",
            "require_auth",
            "gssencmode",
            "gssdelegation",
            "gsslib",
            "krbsrvname",
            "connect_timeout",
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "application_name",
            "fallback_application_name",
            "client_encoding",
            "options",
            "target_session_attrs",
            "load_balance_hosts",
            "requirepeer");

    private ConnectionParameters() {}

    static Optional<Problem> problem(String name, String value) {
        if (SECRETS.contains(name)) {
            return refused(
                    "The URL holds a secret: %s.".formatted(name),
                    "Put the password into a file that only Firedrill's user can read and name it with passwordFile.");
        }
        if (IN_THE_URL.contains(name)) {
            return refused(
                    "The URL has '%s' after '?'.".formatted(name),
                    "Write it before: postgresql://USER@HOST:PORT/DATABASE.");
        }
        if (ELSEWHERE.contains(name)) {
            return refused(
                    "The URL's parameter '%s' is not supported.".formatted(name),
                    "Remove it: everything about the connection stands in the plan.");
        }
        if (!KNOWN.contains(name)) {
            return refused(
                    "PostgreSQL knows no connection parameter '%s'.".formatted(name),
                    Keys.advice(name, KNOWN, "Known"));
        }
        if (name.equals("sslmode") && !SSL_MODES.contains(value)) {
            return refused("There is no sslmode '%s'.".formatted(value), Keys.advice(value, SSL_MODES, "Known"));
        }
        return Optional.empty();
    }

    private static Optional<Problem> refused(String what, String instead) {
        return Optional.of(new Problem(what, instead));
    }
}
