package io.firedrill.plan;

import io.firedrill.plan.LoadBalancer.Control;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code loadBalancer} of a service, and {@code console}. */
final class LoadBalancerReader {
    static final Keys KEYS =
            Keys.of("haproxy", "nginx", "reload", "backend", "servers", "listen", "certificate", "health", "cookie");
    static final Keys CONSOLE_KEYS = Keys.of("address", "oidc", "haproxy", "nginx", "reload", "servers", "listen", "certificate");
    private static final List<String> BALANCED = List.of("haproxy", "nginx", "reload", "servers", "listen", "certificate");

    /** What Firedrill's own servers are called together. */
    static final String CONSOLE = "firedrill";

    private static final String EXAMPLE = "loadBalancer: {haproxy: /run/haproxy/admin.sock, backend: auth}";
    private static final String CONSOLE_EXAMPLE =
            "console: {servers: [\"http://10.0.0.11:8700\", \"http://10.0.0.12:8700\"], listen: \"*:8443\"}";
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,60}");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9_]{1,60}");
    private static final Pattern LISTEN = Pattern.compile("(\\*|[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+]):[0-9]{1,5}");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._~%?=&+-]*");

    private LoadBalancerReader() {}

    static Optional<LoadBalancer> read(String title, Value value) {
        Section section = Section.open(value, "the load balancer of " + title, KEYS, EXAMPLE);
        Optional<String> backend = section.required("backend", "auth").flatMap(text -> fits(text, NAME, "Write the backend's name as the balancer has it: letters, digits, '.', '_' and '-'."));
        Optional<Control> control = control(section);
        List<URI> servers = section.optional("servers").map(LoadBalancerReader::servers).orElse(List.of());
        if (section.isMap() && !section.has("haproxy") && !section.has("nginx") && !section.has("servers")) {
            section.mistake(
                    "%s has neither 'haproxy' nor 'nginx' nor 'servers'.".formatted(section.capitalised()),
                    "Write it like this: %s".formatted(EXAMPLE));
        }
        return backend.map(name -> new LoadBalancer(
                control,
                name,
                servers,
                listen(section, "*:80"),
                section.optional("certificate").flatMap(PlanFiles::path),
                section.optional("health")
                        .flatMap(path -> fits(path, PATH, "Write a path that answers 200 while the server wants requests, e.g. /health"))
                        .orElse("/"),
                section.optional("cookie").flatMap(LoadBalancerReader::cookie)));
    }

    /** Firedrill's own servers; which session cookie they use they know themselves. */
    static ConsolePlan console(Value value) {
        Section section = Section.open(value, "the console", CONSOLE_KEYS, CONSOLE_EXAMPLE);
        Optional<OidcPlan> oidc = section.optional("oidc").flatMap(OidcReader::read);
        if (section.has("oidc")) {
            section.required("address", "https://firedrill.example.org, to which people come back from signing in");
        }
        if (section.isMap() && (section.has("address") || section.has("oidc")) && BALANCED.stream().noneMatch(section::has)) {
            return new ConsolePlan(address(section), Optional.empty(), oidc);
        }
        List<URI> servers = section.required("servers", "[\"http://10.0.0.11:8700\", \"http://10.0.0.12:8700\"]")
                .map(LoadBalancerReader::servers)
                .orElse(List.of());
        return new ConsolePlan(address(section), Optional.of(new LoadBalancer(
                control(section),
                CONSOLE,
                servers,
                listen(section, "*:8080"),
                section.optional("certificate").flatMap(PlanFiles::path),
                "/actuator/health/readiness",
                Optional.empty())), oidc);
    }

    private static Optional<URI> address(Section section) {
        return section.optional("address").flatMap(address -> WebAddress.read(address, "https://firedrill.example.org"));
    }

    private static Optional<Control> control(Section section) {
        if (section.has("haproxy") && section.has("nginx")) {
            section.mistake("%s has both 'haproxy' and 'nginx'.".formatted(section.capitalised()), "Keep the one that is there.");
        }
        List<String> reload = section.optional("reload").map(LoadBalancerReader::words).orElse(List.of("nginx", "-s", "reload"));
        Optional<Control> haproxy = section.optional("haproxy").flatMap(PlanFiles::path).map(Control.Haproxy::new);
        return haproxy.or(() -> section.optional("nginx").flatMap(PlanFiles::path).map(file -> new Control.Nginx(file, reload)));
    }

    private static List<URI> servers(Value value) {
        String example = "servers: [\"http://10.0.0.21:8080\", \"http://10.0.0.22:8080\"]";
        return value.items(example).stream()
                .flatMap(item -> WebAddress.read(item, "http://10.0.0.21:8080").filter(uri -> plain(item, uri)).stream())
                .toList();
    }

    private static boolean plain(Value item, URI uri) {
        boolean plain = uri.getScheme().equals("http") && uri.getPort() > 0 && uri.getPath().isEmpty() && uri.getQuery() == null;
        if (!plain) {
            item.mistake("A server's address is http, host and port alone.", "Write it as in http://10.0.0.21:8080: TLS ends at the balancer.");
        }
        return plain;
    }

    private static String listen(Section section, String otherwise) {
        return listen(section, "listen", otherwise);
    }

    /** Host and port to listen on. */
    static String listen(Section section, String key, String otherwise) {
        return section.optional(key)
                .flatMap(text -> fits(text, LISTEN, "Write host and port, e.g. \"*:8443\" or 10.0.0.10:443"))
                .orElse(otherwise);
    }

    private static Optional<String> cookie(Value value) {
        return fits(value, COOKIE, "Write the session cookie's name: letters, digits and '_' (NGINX can stick to no other).");
    }

    static Optional<String> fits(Value value, Pattern pattern, String instead) {
        return value.text().flatMap(text -> {
            boolean fits = pattern.matcher(text).matches();
            if (!fits) {
                value.mistake("'%s' cannot be '%s'.".formatted(value.title(), text), instead);
            }
            return fits ? Optional.of(text) : Optional.empty();
        });
    }

    private static List<String> words(Value value) {
        List<Value> items = value.items("reload: [nginx, -s, reload]");
        if (items.isEmpty() && value.isList()) {
            value.mistake("'reload' names no program.", "Write it like this: reload: [nginx, -s, reload]");
        }
        return items.stream().flatMap(item -> item.text().stream()).toList();
    }
}
