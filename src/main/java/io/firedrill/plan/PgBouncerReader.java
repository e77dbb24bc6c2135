package io.firedrill.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads {@code pgbouncer} of a service. */
final class PgBouncerReader {
    static final Keys KEYS = Keys.of("url", "passwordFile", "databases", "patience");
    private static final String EXAMPLE =
            "pgbouncer: {url: \"postgresql://firedrill@127.0.0.1:6432/pgbouncer\", passwordFile: secrets/pgbouncer, databases: [shop]}";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private PgBouncerReader() {}

    static Optional<TrafficPlan.PgBouncer> read(String title, Value value) {
        String who = "pgbouncer of " + title;
        Section section = Section.open(value, who, KEYS, EXAMPLE);
        List<String> databases = section.required("databases", "[shop]").map(PgBouncerReader::databases).orElse(List.of());
        Duration patience = section.optional("patience").flatMap(Value::duration).orElse(PATIENCE);
        return DatabaseReader.read("pgbouncer", who, value.claimingNothing(), section)
                .filter(console -> !databases.isEmpty())
                .map(console -> new TrafficPlan.PgBouncer(console, databases, patience));
    }

    private static List<String> databases(Value value) {
        List<Value> items = value.items("databases: [shop]");
        if (items.isEmpty() && value.isList()) {
            value.mistake("'databases' names none.", "Write pgbouncer's own names: databases: [shop]");
        }
        return items.stream()
                .flatMap(item -> LoadBalancerReader.fits(item, LoadBalancerReader.NAME, "Write the database's name as pgbouncer has it.").stream())
                .toList();
    }
}
