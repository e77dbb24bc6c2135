package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code replication} with {@code manager: patroni}. */
final class PatroniReader {
    static final Keys KEYS = Keys.of("manager", "nodes", "user", "passwordFile", "readWrite", "readOnly", "repoint");
    static final Keys NODE_KEYS = Keys.of("api", "server");
    private static final String NODE_EXAMPLE = "pg1: {api: \"http://10.0.0.1:8008\"}";
    private static final String EXAMPLE = "replication: {manager: patroni, nodes: {%s, pg2: {…}}}".formatted(NODE_EXAMPLE);
    private static final Pattern SERVER = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+]):([0-9]{1,5})");
    private static final int PORT = 5432;

    private final Collection<Database> databases;

    PatroniReader(Collection<Database> databases) {
        this.databases = databases;
    }

    Optional<ReplicationPlan> read(Value value) {
        Section section = Section.open(value, "replication by 'patroni'", KEYS, EXAMPLE);
        Map<String, ReplicationPlan.PatroniNode> nodes = section.required("nodes", "{%s}".formatted(NODE_EXAMPLE))
                .map(map -> NamedEntries.read(map, "node", "nodes: {%s}".formatted(NODE_EXAMPLE), PatroniReader::node))
                .orElse(Map.of());
        Map<String, Database.Address> servers = new LinkedHashMap<>();
        nodes.values().forEach(node -> servers.put(node.name(), node.server()));
        section.optional("nodes").ifPresent(map -> {
            ReplicationReader.twoAtLeast(map);
            sameApi(map, nodes);
            ReplicationReader.compare(map, servers, databases);
        });
        Optional<String> user = section.optional("user").flatMap(Value::text);
        Optional<Path> passwordFile = section.optional("passwordFile").flatMap(PlanFiles::existing);
        bothOrNone(section);
        String readWrite = LoadBalancerReader.listen(section, "readWrite", "*:5000");
        String readOnly = LoadBalancerReader.listen(section, "readOnly", "*:5001");
        if (readWrite.equals(readOnly)) {
            section.mistake("'readWrite' and 'readOnly' are both %s.".formatted(readWrite), "Give each a port of its own.");
        }
        // Patroni's ttl says when a primary is dead, and it asks nobody.
        ReplicationPlan.Policy policy = new ReplicationPlan.Policy(Set.of(), Duration.ZERO, ReplicationReader.words(section, "repoint"));
        return databases.stream()
                .findFirst()
                .map(db -> new ReplicationPlan.Patroni(nodes, user, passwordFile, db, readWrite, readOnly, policy));
    }

    private static void bothOrNone(Section section) {
        if (section.has("user") != section.has("passwordFile")) {
            section.mistake(
                    "Patroni's REST API wants a user with a password, and only '%s' is there.".formatted(section.has("user") ? "user" : "passwordFile"),
                    "Add %s, or remove it when the API asks for neither.".formatted(
                            section.has("user") ? "passwordFile: secrets/patroni" : "user: patroni"));
        }
    }

    private static void sameApi(Value at, Map<String, ReplicationPlan.PatroniNode> nodes) {
        Map<URI, String> byApi = new LinkedHashMap<>();
        nodes.values().forEach(node -> {
            String first = byApi.putIfAbsent(node.api(), node.name());
            if (first != null) {
                at.mistakeAtKey(
                        "The nodes '%s' and '%s' have the same REST API, %s.".formatted(first, node.name(), node.api()), "Give each its own.");
            }
        });
    }

    private static Optional<ReplicationPlan.PatroniNode> node(String name, Value value) {
        Section keys = Section.open(value, "node '%s'".formatted(name), NODE_KEYS, NODE_EXAMPLE);
        Optional<URI> api = keys.required("api", "\"http://10.0.0.1:8008\"").flatMap(PatroniReader::api);
        Optional<Value> told = keys.optional("server");
        Optional<Database.Address> server = told.isPresent()
                ? told.flatMap(PatroniReader::server)
                : api.map(uri -> new Database.Address(host(uri), PORT));
        return api.isEmpty() || server.isEmpty() || !Names.valid(name)
                ? Optional.empty()
                : Optional.of(new ReplicationPlan.PatroniNode(name, api.get(), server.get()));
    }

    private static Optional<URI> api(Value value) {
        return WebAddress.read(value, "http://10.0.0.1:8008").filter(uri -> {
            boolean plain = uri.getPort() > 0 && uri.getPath().isEmpty() && uri.getQuery() == null;
            if (!plain) {
                value.mistake("The address of a REST API is host and port alone.", "Write it as in http://10.0.0.1:8008");
            }
            return plain;
        });
    }

    private static String host(URI api) {
        return api.getHost().replaceAll("[\\[\\]]", "");
    }

    private static Optional<Database.Address> server(Value value) {
        return value.text().flatMap(text -> {
            Matcher parts = SERVER.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) < 1 || Integer.parseInt(parts.group(2)) > 65535) {
                value.mistake("'%s' is not the address of a server.".formatted(text), "Write host and port: \"10.0.0.1:5432\"");
                return Optional.empty();
            }
            return Optional.of(new Database.Address(parts.group(1).replaceAll("[\\[\\]]", ""), Integer.parseInt(parts.group(2))));
        });
    }
}
