package io.firedrill.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Verdicts on backups: write-once objects {@code checked.TIME.json} and {@code quarantined.TIME.json}; the newest holds. */
public final class Verdicts {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile(".*/(checked|quarantined)\\.(\\d{8}T\\d{6}\\.\\d{3}Z)\\.json");

    private Verdicts() {}

    /** Saying the same at the same millisecond again is no error. */
    public static void write(Store store, Manifest manifest, Verdict verdict) {
        String key = Keyspace.prefix(manifest.service(), manifest.id()) + (verdict.good() ? "checked." : "quarantined.")
                + STAMP.format(verdict.at()) + ".json";
        if (store.head(key).isPresent()) {
            return;
        }
        Verdict exact = new Verdict(verdict.good(), verdict.at().truncatedTo(ChronoUnit.MILLIS), verdict.note());
        try (ObjectSink sink = store.create(key)) {
            sink.write(MAPPER.writeValueAsBytes(exact));
            sink.commit();
        } catch (IOException e) {
            throw new IllegalStateException("sinks tell their failures by themselves", e);
        }
    }

    /** The newest verdict among a backup's objects; of two of one moment the bad one holds. */
    static Optional<Verdict> newest(Store store, List<String> keys) {
        return keys.stream()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .max(Comparator.comparing((Matcher m) -> m.group(2)).thenComparing(m -> m.group(1)))
                .map(m -> read(store, m));
    }

    private static Verdict read(Store store, Matcher name) {
        boolean good = name.group(1).equals("checked");
        Instant at = STAMP.parse(name.group(2), Instant::from);
        // A good verdict's name says it all; only a quarantine has a reason to look up.
        return good ? new Verdict(true, at, "") : new Verdict(false, at, note(store, name.group()));
    }

    private static String note(Store store, String key) {
        try (InputStream in = store.open(key)) {
            return MAPPER.readTree(in.readAllBytes()).path("note").asString("");
        } catch (IOException | JacksonException e) {
            return "quarantined, reason unreadable: " + e.getMessage();
        }
    }
}
