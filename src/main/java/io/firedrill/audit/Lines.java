package io.firedrill.audit;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Entries as text. INVARIANT: a chained entry is one line of canonical JSON (RFC 8785: keys sorted, no space between,
 * texts and whole numbers only), and that line's own UTF-8 is what is hashed, stored and exported. Nobody ever encodes it
 * again.
 */
final class Lines {
    private static final JsonMapper JSON = new JsonMapper();

    private Lines() {}

    /** A chained entry's line. */
    static String chained(long n, String prev, Entry entry) {
        Map<String, Object> all = new TreeMap<>(written(entry));
        all.put("n", n);
        all.put("prev", prev);
        return JSON.writeValueAsString(all);
    }

    static String canonical(Map<String, ?> flat) {
        return JSON.writeValueAsString(new TreeMap<>(flat));
    }

    /** For the spool. */
    static String waiting(Entry entry, @Nullable String shown) {
        Map<String, Object> all = new TreeMap<>();
        all.put("entry", written(entry));
        if (shown != null) {
            all.put("shown", shown);
        }
        return JSON.writeValueAsString(all);
    }

    record Waiting(Entry entry, @Nullable String shown) {}

    /** A line of the spool; one that its writer did not finish becomes an entry that says so. */
    static Waiting waiting(String line, Instant now) {
        try {
            JsonNode all = JSON.readTree(line);
            JsonNode entry = all.required("entry");
            Map<Fact, String> facts = new EnumMap<>(Fact.class);
            for (Fact fact : Fact.values()) {
                if (entry.has(fact.word())) {
                    facts.put(fact, entry.get(fact.word()).asString());
                }
            }
            return new Waiting(
                    new Entry(
                            entry.required("id").asString(),
                            Instant.parse(entry.required("at").asString()),
                            entry.required("who").asString(),
                            entry.required("action").asString(),
                            Outcome.valueOf(entry.required("outcome").asString().toUpperCase(Locale.ROOT)),
                            facts),
                    all.has("shown") ? all.get("shown").asString() : null);
        } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
            Entry torn = new Entry("torn-" + Digests.of(line), now, "nobody", "audit-line-torn", Outcome.FAILED,
                    Map.of(Fact.DETAIL, line));
            return new Waiting(torn, null);
        }
    }

    private static Map<String, Object> written(Entry entry) {
        Map<String, Object> all = new TreeMap<>();
        all.put("id", entry.id());
        all.put("at", entry.at().toString());
        all.put("who", entry.who());
        all.put("action", entry.action());
        all.put("outcome", entry.outcome().word());
        entry.facts().forEach((fact, text) -> all.put(fact.word(), text));
        return all;
    }

    static JsonNode tree(String line) {
        return JSON.readTree(line);
    }
}
