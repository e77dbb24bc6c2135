package io.firedrill.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code replication} of a service. */
final class ReplicationReader {
    static final Keys PLAIN_KEYS = Keys.of("manager", "nodes", "replicator", "fence", "withoutApproval", "deadAfter", "repoint");
    static final Keys NODE_KEYS = Keys.of(
            "url", "passwordFile", "data", "via", "user", "bin", "config", "log", "slot", "synchronous", "start", "stop");
    static final Keys REPLICATOR_KEYS = Keys.of("user", "passwordFile");
    private static final List<String> MANAGERS = List.of("plain", "patroni");
    private static final Keys ALL_KEYS = Keys.of(
            "manager", "nodes", "replicator", "fence", "withoutApproval", "deadAfter", "user", "passwordFile", "readWrite", "readOnly", "repoint");
    private static final Duration DEAD_AFTER = Duration.ofSeconds(3);
    private static final String EXAMPLE = "replication: {manager: plain, nodes: {pg1: {…}, pg2: {…}}}";
    private static final String NODE_EXAMPLE =
            "pg1: {url: \"postgresql://firedrill@10.0.0.1:5432/postgres\", data: /var/lib/postgresql/15/main}";

    private final String service;
    private final Collection<Database> databases;
    private final int named;

    /**
     * @param service what messages call it: {@code service 'shop'}
     * @param named how many databases it names, those with mistakes included
     */
    ReplicationReader(String service, Collection<Database> databases, int named) {
        this.service = service;
        this.databases = databases;
        this.named = named;
    }

    Optional<ReplicationPlan> read(Value value) {
        Optional<String> manager = manager(value);
        if (manager.isEmpty()) {
            return Optional.empty();
        }
        if (named == 0) {
            value.mistakeAtKey(
                    "'replication' of %s has no database to go with it.".formatted(service), "Add databases, or remove it.");
            return Optional.empty();
        }
        return manager.get().equals("plain") ? plain(value) : new PatroniReader(databases).read(value);
    }

    private static Optional<String> manager(Value value) {
        if (NamedEntries.names(Optional.of(value)).contains("manager")) {
            return value.entries(EXAMPLE).stream()
                    .filter(entry -> entry.title().equals("manager"))
                    .findFirst()
                    .flatMap(entry -> oneOf(entry, "manager", MANAGERS));
        }
        Section.open(value, "replication", ALL_KEYS, EXAMPLE).required("manager", "plain");
        return Optional.empty();
    }

    private Optional<ReplicationPlan> plain(Value value) {
        Section section = Section.open(value, "replication by 'plain'", PLAIN_KEYS, EXAMPLE);
        Map<String, ReplicationPlan.Node> nodes = section.required("nodes", "{%s}".formatted(NODE_EXAMPLE))
                .map(map -> NamedEntries.read(map, "node", "nodes: {%s}".formatted(NODE_EXAMPLE), ReplicationReader::node))
                .orElse(Map.of());
        section.optional("nodes").ifPresent(ReplicationReader::twoAtLeast);
        Map<String, Database.Address> addresses = new LinkedHashMap<>();
        nodes.values().forEach(node -> addresses.put(node.name(), node.address()));
        section.optional("nodes").ifPresent(map -> compare(map, addresses, databases));
        ReplicationPlan.Replicator replicator = section.optional("replicator")
                .map(ReplicationReader::replicator)
                .orElse(new ReplicationPlan.Replicator("replicator", Optional.empty()));
        List<String> fence = words(section, "fence");
        return Optional.of(new ReplicationPlan.Plain(nodes, replicator, fence, policy(section)));
    }

    static void twoAtLeast(Value nodes) {
        if (nodes.isMap() && NamedEntries.names(Optional.of(nodes)).size() < 2) {
            nodes.mistakeAtKey("A failover needs two nodes.", "Name every server of the cluster: the primary and its standbys.");
        }
    }

    /** Two nodes at one address are one; and a database must be found wherever a failover takes it. */
    static void compare(Value at, Map<String, Database.Address> nodes, Collection<Database> databases) {
        Map<Database.Address, String> byAddress = new LinkedHashMap<>();
        nodes.forEach((name, address) -> {
            String first = byAddress.putIfAbsent(address, name);
            if (first != null) {
                at.mistakeAtKey(
                        "The nodes '%s' and '%s' are the same server, %s.".formatted(first, name, address), "Give each its own address.");
            }
        });
        for (Database db : databases) {
            Set<Database.Address> missing = new LinkedHashSet<>(byAddress.keySet());
            db.addresses().forEach(missing::remove);
            if (!missing.isEmpty() && missing.size() < byAddress.size()) {
                at.mistakeAtKey(
                        "Database '%s' would not be found after a failover to %s.".formatted(db.name(), missing.iterator().next()),
                        "Name all nodes in its URL: postgresql://USER@HOST:PORT,HOST:PORT/DATABASE?target_session_attrs=read-write,"
                                + " or an address that moves with the primary.");
            }
        }
    }

    private static Optional<ReplicationPlan.Node> node(String name, Value value) {
        String who = "node '%s'".formatted(name);
        Section keys = Section.open(value, who, NODE_KEYS, NODE_EXAMPLE);
        Optional<Database> server = DatabaseReader.read(name, who, value.claimingNothing(), keys);
        server.filter(db -> !db.others().isEmpty()).ifPresent(db -> value.mistakeAtKey(
                "The URL of %s names several hosts.".formatted(who), "Write this node's own."));
        Optional<Path> data = keys.required("data", "/var/lib/postgresql/15/main").flatMap(PlanFiles::path);
        Optional<String> slot = keys.optional("slot").flatMap(ReplicationReader::slot);
        List<String> via = words(keys, "via");
        List<String> start = words(keys, "start");
        List<String> stop = words(keys, "stop");
        Optional<String> user = keys.optional("user").flatMap(Value::text);
        Optional<Path> bin = keys.optional("bin").flatMap(PlanFiles::path);
        Optional<Path> config = keys.optional("config").flatMap(PlanFiles::path);
        Optional<Path> log = keys.optional("log").flatMap(PlanFiles::path);
        boolean synchronous = keys.optional("synchronous").flatMap(Value::trueOrFalse).orElse(false);
        if (server.isEmpty() || data.isEmpty() || !Names.valid(name)) {
            return Optional.empty();
        }
        Path folder = data.get();
        return Optional.of(new ReplicationPlan.Node(
                name, server.get(), folder, via, user.orElse("postgres"), bin, config,
                log.orElse(folder.resolveSibling(folder.getFileName() + ".log")),
                slot.orElse("node_" + name.replace('-', '_')), synchronous, start, stop));
    }

    private static Optional<String> slot(Value value) {
        return value.text().filter(slot -> {
            boolean good = slot.matches("[a-z0-9_]{1,63}");
            if (!good) {
                value.mistake("'%s' cannot be a replication slot.".formatted(slot), "Use lower-case letters, digits and '_'.");
            }
            return good;
        });
    }

    private static ReplicationPlan.Replicator replicator(Value value) {
        Section keys = Section.open(value, "replicator", REPLICATOR_KEYS, "{user: replicator, passwordFile: secrets/replicator}");
        return new ReplicationPlan.Replicator(
                keys.optional("user").flatMap(Value::text).orElse("replicator"),
                keys.optional("passwordFile").flatMap(PlanFiles::existing));
    }

    private static ReplicationPlan.Policy policy(Section section) {
        Set<String> causes = new LinkedHashSet<>();
        List<String> known = ReplicationPlan.FAILOVER_CAUSES.stream().sorted().toList();
        section.optional("withoutApproval").ifPresent(list -> list.items("withoutApproval: [hardware, software]")
                .forEach(item -> oneOf(item, "cause that a failover cures", known).ifPresent(causes::add)));
        return new ReplicationPlan.Policy(
                causes, section.optional("deadAfter").flatMap(Value::duration).orElse(DEAD_AFTER), words(section, "repoint"));
    }

    private static Optional<String> oneOf(Value value, String what, List<String> known) {
        return value.text().filter(word -> {
            if (!known.contains(word)) {
                value.mistake("There is no %s '%s'.".formatted(what, word), Keys.advice(word, known, "Known"));
            }
            return known.contains(word);
        });
    }

    /** A program and its arguments; empty when the key is not there. */
    static List<String> words(Section section, String key) {
        return section.optional(key)
                .map(value -> value.items("%s: [/usr/local/bin/program, argument]".formatted(key)).stream()
                        .flatMap(item -> item.text().stream())
                        .toList())
                .orElse(List.of());
    }
}
